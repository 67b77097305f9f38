import { join } from 'node:path';
import { EnlargerError } from '../../../shared/errors.ts';
import { FileLock } from '../../file-lock.ts';

/** Milliseconds: a change takes a few of them. */
const PATIENCE = 10_000;
/** After so many, what nobody can say whose it is has been left behind. */
const ABANDONED = 60_000;

/**
 * Keeps every other process, and every other call of this one, from changing or removing the model `id` in `folder` until it
 * is disposed of. What a dead process holds is taken over. Throws `in-use` if it is held for seconds, `not-found` for a model
 * that is gone.
 */
export async function lockManifest(folder: string, id: string): Promise<AsyncDisposable> {
  const path = join(folder, 'manifest.lock');
  const options = { patience: PATIENCE, abandoned: ABANDONED };
  const lock = await FileLock.take(path, options).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? goneMeanwhile(id, error) : error;
  });
  if (lock) return lock;
  const advice = `Try again in a moment. If there is no other Enlarger, remove ${path}.`;
  throw new EnlargerError('in-use', `Model '${id}' is being changed by another Enlarger. ${advice}`);
}

/** The model `id` was there a moment ago. */
export function goneMeanwhile(id: string, cause: unknown): EnlargerError {
  return new EnlargerError('not-found', `Model '${id}' has been removed meanwhile.`, { cause });
}
