import { queue } from './0001-queue.ts';
import { fingerprints } from './0002-fingerprints.ts';

/** The steps from an empty database to the current schema. Released steps never change; new ones are added. */
export const migrations: readonly string[] = [queue, fingerprints];
