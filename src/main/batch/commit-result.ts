import { link, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { asEnlargerError, EnlargerError } from '../../shared/errors.ts';
import { numbered } from '../naming/name-template.ts';

export type CollisionPolicy = 'skip' | 'number' | 'overwrite';

/**
 * Gives a finished result its name, in one step that either happens or does not, and makes it durable.
 *
 * `temporary` lies in the folder of `target`. `sources` are the identities (device and inode) of all
 * sources of the batch: a target that is one of them is refused whatever the policy. Resolves to the path
 * that the result has, or undefined if `skip` left what stood there. `temporary` is gone in every case.
 */
export async function commitResult(
  temporary: string,
  target: string,
  policy: CollisionPolicy,
  sources: ReadonlySet<string>,
): Promise<string | undefined> {
  try {
    if (policy === 'overwrite') {
      await refuseSource(target, sources);
      await rename(temporary, target);
      await syncFolder(dirname(target));
      return target;
    }
    const placed = await placeWithoutReplacing(temporary, target, policy);
    await syncFolder(dirname(target));
    return placed;
  } catch (error) {
    throw refusal(error, target);
  } finally {
    await rm(temporary, { force: true });
  }
}

function refusal(error: unknown, target: string): EnlargerError {
  if ((error as NodeJS.ErrnoException).code !== 'EISDIR') {
    return asEnlargerError(error, 'encode-failed', { file: target });
  }
  const advice = 'Move it away, or choose another --out or --name.';
  return new EnlargerError('collision', `${target}: a folder of that name is there. ${advice}`, {
    file: target,
    cause: error,
  });
}

async function placeWithoutReplacing(
  temporary: string,
  target: string,
  policy: CollisionPolicy,
): Promise<string | undefined> {
  for (let number = 1; ; number++) {
    const name = number === 1 ? target : join(dirname(target), numbered(basename(target), number));
    if (await tryPlace(temporary, name)) return name;
    if (policy === 'skip') return undefined;
  }
}

/** File systems without hard links, such as exFAT, answer with one of these. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP', 'EMLINK', 'EXDEV']);

/** False if something stands at `target` already. A link is the rename that never replaces. */
async function tryPlace(temporary: string, target: string): Promise<boolean> {
  try {
    await link(temporary, target);
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code === 'EEXIST') return false;
    if (!NO_LINKS.has(code)) throw error;
  }
  try {
    // Claiming the name with an empty file first keeps others off it until the rename.
    await (await open(target, 'wx')).close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  try {
    await rename(temporary, target);
  } catch (error) {
    await rm(target, { force: true });
    throw error;
  }
  return true;
}

async function refuseSource(target: string, sources: ReadonlySet<string>): Promise<void> {
  const existing = await stat(target).catch(() => undefined);
  if (existing && sources.has(`${existing.dev}:${existing.ino}`)) {
    const advice = 'Originals are never replaced; choose another --out or --name.';
    throw new EnlargerError('collision', `${target}: is one of the sources. ${advice}`, { file: target });
  }
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open folders; its file system journals names by itself.
  if (process.platform === 'win32') return;
  await using handle = await open(folder, 'r');
  await handle.sync();
}
