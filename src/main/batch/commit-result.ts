import { link, lstat, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { asEnlargerError, EnlargerError } from '../../shared/errors.ts';
import { numbered } from '../../shared/name-template.ts';
import { isDiskFull } from '../disk-full.ts';
import { syncFolder } from '../sync-folder.ts';

export type CollisionPolicy = 'skip' | 'number' | 'overwrite';

export interface Commit {
  /** The finished file, in the folder of `target`. */
  temporary: string;
  target: string;
  policy: CollisionPolicy;
  /** Whether a file (device and inode) is a source of the batch: a target that is one is refused whatever the policy. */
  isSource(identity: string): Promise<boolean>;
  /** Notes durably that the result is about to be placed at `name`: what stands there later is told by it. */
  intend(name: string): Promise<void>;
}

/**
 * Gives a finished result its name, in one step that either happens or does not, and makes it durable. Resolves to
 * the path that the result has, or undefined if `skip` left what stood there. `temporary` is gone afterwards.
 */
export async function commitResult(commit: Commit): Promise<string | undefined> {
  try {
    const placed = await place(commit);
    await syncFolder(dirname(commit.target));
    return placed;
  } catch (error) {
    throw refusal(error, commit.target);
  } finally {
    await rm(commit.temporary, { force: true });
  }
}

async function place(commit: Commit): Promise<string | undefined> {
  const { temporary, target, policy } = commit;
  if (policy === 'overwrite') {
    await refuseSource(commit);
    await commit.intend(target);
    await rename(temporary, target);
    return target;
  }
  for (let number = 1; ; number++) {
    const name = number === 1 ? target : join(dirname(target), numbered(basename(target), number));
    // What is taken already needs no intent.
    if (!(await exists(name))) {
      await commit.intend(name);
      if (await tryPlace(temporary, name)) return name;
    }
    if (policy === 'skip') return undefined;
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

function refusal(error: unknown, target: string): EnlargerError {
  if (isDiskFull(error)) {
    const reason = `${target}: the disk is full. Make room and run again.`;
    return new EnlargerError('disk-full', reason, { file: target, cause: error });
  }
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'EISDIR') return asEnlargerError(error, 'encode-failed', { file: target });
  const advice = 'Move it away, or choose another --out or --name.';
  return new EnlargerError('collision', `${target}: a folder of that name is there. ${advice}`, {
    file: target,
    cause: error,
  });
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

async function refuseSource({ target, isSource }: Commit): Promise<void> {
  const existing = await stat(target).catch(() => undefined);
  if (existing && (await isSource(`${existing.dev}:${existing.ino}`))) {
    const advice = 'Originals are never replaced; choose another --out or --name.';
    throw new EnlargerError('collision', `${target}: is one of the sources. ${advice}`, { file: target });
  }
}
