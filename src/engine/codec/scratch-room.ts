import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EnlargerError } from '../../shared/errors.ts';

/** What stays free beside our scratch files, in bytes: the system needs some, too. */
const RESERVE = 64e6;

/**
 * Throws `disk-full`, naming `source`, unless the disk of the scratch file `scratch` has room for `bytes` more. Asked
 * before anything is written: half a frame is of no use.
 */
export async function expectRoom(scratch: string, bytes: number, source: string): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(scratch));
  const free = bavail * bsize;
  if (free >= bytes + RESERVE) return;
  throw new EnlargerError(
    'disk-full',
    `${source}: needs ${megabytes(bytes)} for scratch files in ${dirname(scratch)}, and ${megabytes(free)} are free. ` +
      'Make room and run again.',
    { file: source },
  );
}

const megabytes = (bytes: number) => `${Math.ceil(bytes / 1e6)} MB`;
