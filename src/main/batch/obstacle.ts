import { rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EnlargerError } from '../../shared/errors.ts';

/** Something that keeps every file of a batch from being done. */
export interface Obstacle {
  /** In words, for the user. */
  reason: string;
  /** Whether it is gone. Absent for what does not go away by itself: the batch is paused until somebody resumes it. */
  isGone?(): Promise<boolean>;
}

/** Where a batch writes. */
export interface Places {
  /** The folder for results, and the other folders that are written to. */
  out: string;
  others: readonly string[];
}

/** Beside what a picture needs, so much is to be free before work goes on: the system needs some, too. */
const RESERVE = 64e6;

/**
 * What `error` of one file says about all of them: no engine that can be kept running, a full disk, or an output folder
 * that is gone or may not be written to. `bytes`: what the file needs at most. Undefined for the file's own trouble.
 */
export async function obstacleIn(
  error: EnlargerError,
  places: Places,
  bytes: number,
): Promise<Obstacle | undefined> {
  if (error.code === 'engine-unavailable') {
    return { reason: `${error.message} What is left of the batch waits until it is resumed.` };
  }
  if (error.code === 'disk-full') {
    return {
      reason: `${error.message} Work goes on by itself as soon as there is.`,
      isGone: () => haveRoom([places.out, ...places.others], bytes + RESERVE),
    };
  }
  const { out } = places;
  if (await canWrite(out)) return undefined;
  return {
    reason: `${out}: the output folder is gone or cannot be written to. Work goes on by itself once it can.`,
    isGone: () => canWrite(out),
  };
}

async function haveRoom(folders: readonly string[], bytes: number): Promise<boolean> {
  const free = await Promise.all(
    folders.map((folder) =>
      statfs(folder).then(
        ({ bavail, bsize }) => bavail * bsize,
        () => Number.POSITIVE_INFINITY,
      ),
    ),
  );
  return free.every((room) => room >= bytes);
}

let trials = 0;

/** Makes a file: permissions alone do not tell. A folder that was taken away is not made anew. */
async function canWrite(folder: string): Promise<boolean> {
  const trial = join(folder, `.enlarger-${process.pid}-${trials++}.trial`);
  try {
    await writeFile(trial, '', { flag: 'wx' });
    await rm(trial);
    return true;
  } catch {
    return false;
  }
}
