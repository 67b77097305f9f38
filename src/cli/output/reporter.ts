import type { FileEvent } from '../../main/batch/file-event.ts';
import type { Pace } from '../../main/batch/pace.ts';
import type { EngineReport } from '../../shared/engine-protocol.ts';
import type { EnlargerError } from '../../shared/errors.ts';
import type { Plan } from '../../shared/plan.ts';
import type { Outcome } from '../exit-codes.ts';

export interface Progress extends Pace {
  filesDone: number;
  filesTotal: number;
  tilesDone: number;
  tilesTotal: number;
}

export interface Summary extends Outcome {
  exitCode: number;
  milliseconds: number;
  /** Megapixels of source that were enlarged. */
  megapixels: number;
  /** Bytes copied between buffers for each byte of the results before they were encoded; 0 without results. */
  copiedPerResultByte: number;
  /** Absent if the engine is no more. */
  report: EngineReport | undefined;
}

/** What a run is about to do. */
export interface Beginning {
  batchId: number;
  out: string;
  plan: Plan;
  /** How many there are to do. */
  files: number;
  /** Sources for which nothing is to be done, and why. */
  skipped: readonly { source: string; target: string; reason: string }[];
  /** What will be otherwise than asked for, such as a format that cannot hold a result, and for how many. */
  notes?: readonly (readonly [note: string, count: number])[];
  /** What was given but cannot be enlarged, with reasons. */
  refused: readonly EnlargerError[];
  /** Set for a batch that an earlier run has prepared: this one has looked for no pictures. */
  again?: true;
}

/** Where a run is told about: for people, or for programs. */
export interface Reporter {
  started(beginning: Beginning): void;
  /** Something that the user must know and that ends nothing. */
  warn(message: string): void;
  file(event: FileEvent): void;
  progress(progress: Progress): void;
  /** Something keeps all work from going on, `undefined`: no more. What does not go away interrupts the batch. */
  obstacle(reason: string | undefined): void;
  /** The batch was stopped and can be gone on with. */
  interrupted(batchId: number): void;
  finished(summary: Summary): void;
}
