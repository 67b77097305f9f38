import type { FileRecord } from '../../shared/jobs.ts';
import type { Entry } from '../intake/intake-store.ts';
import { isInWork } from '../stores/library.ts';

/** Which of the selected photographs each command is for. */
export interface Choices {
  /** Entries, by key. */
  entries: string[];
  /** Entries that could not be brought to main. */
  entriesFailed: string[];
  queued: number[];
  /** Queued, and passed over. */
  paused: number[];
  /** Queued, and not passed over. */
  waiting: number[];
  inWork: number[];
  done: number[];
  /** Batches with a file among them that failed, and could be tried again; the same of cancelled ones. */
  failedBatches: number[];
  cancelledBatches: number[];
}

/** Sorts selected photographs by what can be done with them. */
export function choicesOf(files: readonly FileRecord[], entries: readonly Entry[]): Choices {
  const ids = (wanted: (file: FileRecord) => boolean) => files.filter(wanted).map(({ id }) => id);
  // What was refused before anything was planned has nothing to be tried.
  const batches = (state: FileRecord['state']) => [
    ...new Set(
      files.filter((file) => file.state === state && file.planKey !== null).map(({ batchId }) => batchId),
    ),
  ];
  return {
    entries: entries.map(({ key }) => key),
    entriesFailed: entries.filter(({ state }) => state === 'failed').map(({ key }) => key),
    queued: ids(({ state }) => state === 'queued'),
    paused: ids(({ state, paused }) => state === 'queued' && paused),
    waiting: ids(({ state, paused }) => state === 'queued' && !paused),
    inWork: ids(({ state }) => isInWork(state)),
    done: ids(({ state }) => state === 'done'),
    failedBatches: batches('failed'),
    cancelledBatches: batches('cancelled'),
  };
}
