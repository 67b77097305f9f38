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
  /** Failed, and could be tried again. */
  failed: number[];
  cancelled: number[];
}

/** Sorts selected photographs by what can be done with them. */
export function choicesOf(files: readonly FileRecord[], entries: readonly Entry[]): Choices {
  const ids = (wanted: (file: FileRecord) => boolean) => files.filter(wanted).map(({ id }) => id);
  return {
    entries: entries.map(({ key }) => key),
    entriesFailed: entries.filter(({ state }) => state === 'failed').map(({ key }) => key),
    queued: ids(({ state }) => state === 'queued'),
    paused: ids(({ state, paused }) => state === 'queued' && paused),
    waiting: ids(({ state, paused }) => state === 'queued' && !paused),
    inWork: ids(({ state }) => isInWork(state)),
    done: ids(({ state }) => state === 'done'),
    // What was refused before anything was planned has nothing to be tried.
    failed: ids(({ state, planKey }) => state === 'failed' && planKey !== null),
    cancelled: ids(({ state }) => state === 'cancelled'),
  };
}
