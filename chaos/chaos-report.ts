import type { Kill } from './fault-injector.ts';

/** What a run in which processes were killed came to, held against one in which none was. */
export interface ChaosReport {
  kills: readonly Kill[];
  /** Starts of main until everything was done. */
  starts: number;
  /** Results that are the same bytes as those of the undisturbed run, of files that the journal has as done. */
  equal: number;
  /** Files without a result, or that the journal has not as done. */
  lost: string[];
  /** Files that were taken up again after they were done. */
  repeated: string[];
  /** Results that were something else than whole, at the end or when main had just been killed. */
  partial: string[];
  /** Temporary files and scratch folders that are left at the end. */
  leftovers: string[];
  /** Engines that did not end after the main that had started them. */
  orphans: number;
  /** What was found wrong with the journal. */
  journal: string[];
  /** What main said where it ended by itself and not well. */
  failures: string[];
}

/** How many things went wrong. */
export function countFaults(report: ChaosReport): number {
  const { lost, repeated, partial, leftovers, orphans, journal, failures } = report;
  return orphans + [lost, repeated, partial, leftovers, journal, failures].flat().length;
}
