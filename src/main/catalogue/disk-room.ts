import { statfs } from 'node:fs/promises';
import { EnlargerError } from '../../shared/errors.ts';

/** What stays free beside a download, in bytes: the system needs some, too. */
const RESERVE = 64e6;

/**
 * Throws `disk-full` unless the disk of `folder` has room for `missing` bytes of a file of `whole`, and for the model
 * that is made of it. A system that does not say how much is free lets everything pass.
 */
export async function expectRoom(
  id: string,
  folder: string,
  { missing, whole }: { missing: number; whole: number },
): Promise<void> {
  const needed = missing + whole + RESERVE;
  const free = await statfs(folder).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => Number.POSITIVE_INFINITY,
  );
  if (free >= needed) return;
  const message =
    `${id}: needs ${megabytes(needed)} in ${folder}, and ${megabytes(free)} are free. ` +
    'Make room and download it again.';
  throw new EnlargerError('disk-full', message, { file: folder });
}

const megabytes = (bytes: number) => `${Math.ceil(bytes / 1e6)} MB`;
