import { stat } from 'node:fs/promises';
import { asEnlargerError, EnlargerError } from '../../shared/errors.ts';
import type { JobStore, LeasedFile } from '../jobs/job-store.ts';

/** Of the bytes that were enlarged; null where the source has changed or gone meanwhile. */
export async function sourceHash(jobs: JobStore, file: LeasedFile): Promise<string | null> {
  try {
    const sha256 = await jobs.fingerprint(file.source);
    await expectUnchanged(file);
    return sha256;
  } catch {
    return null;
  }
}

/**
 * Throws `source-changed`, or why it cannot be looked at, unless a file is as it was when its plan was made for its size and
 * depth, its format and name.
 */
export async function expectUnchanged({ source, sourceSize, sourceMtimeNs }: LeasedFile): Promise<void> {
  const found = await stat(source, { bigint: true }).catch((error: unknown) => {
    throw missing(source, error);
  });
  if (Number(found.size) === sourceSize && String(found.mtimeNs) === sourceMtimeNs) return;
  throw new EnlargerError(
    'source-changed',
    `${source}: was changed after it had been added. Add it again to enlarge it as it is now.`,
    { file: source },
  );
}

function missing(source: string, error: unknown): EnlargerError {
  const { code } = error as NodeJS.ErrnoException;
  const details = { file: source, cause: error };
  if (code === 'EACCES' || code === 'EPERM') {
    const reason = `${source}: may not be read any more. Check its permissions.`;
    return new EnlargerError('permission-denied', reason, details);
  }
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new EnlargerError('not-found', `${source}: there is no such file any more.`, details);
  }
  return asEnlargerError(error, 'not-found', details);
}
