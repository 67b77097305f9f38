import { rm, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { FileResult } from '../../shared/jobs.ts';
import { syncFolder } from '../sync-folder.ts';
import { hashFile } from '../worker/hash-file.ts';
import type { Intent, JobCalls, Owner, Reclaimed, Recovery } from './job-store.ts';

type Store = Pick<JobCalls, 'reclaim' | 'finish' | 'requeue'>;

/** File systems that date files most coarsely do so in steps of two seconds. */
const COARSE_MTIME = 2_000;

/**
 * Takes over what dead owners had in work. Every step may be the last before the power fails: the disk is tidied up
 * before the journal forgets what to tidy, so that whoever comes next does the same again.
 */
export async function recover(store: Store, owner: Owner): Promise<Recovery> {
  const recovery: Recovery = { done: [], ready: [], requeued: [] };
  for (const { file, intent } of await store.reclaim(owner)) {
    const verdict = await judge(intent);
    if (verdict === 'placed' && intent) {
      // Where a folder cannot be flushed, nothing more can be done for a result that has its name.
      await syncFolder(dirname(intent.target)).catch(() => {});
      await removeTemporaries(file.temporary, intent.temporary);
      await store.finish(owner, file.id, { state: 'done', ...resultOf(intent) });
      recovery.done.push(file.id);
    } else if (verdict === 'finished' && intent) {
      recovery.ready.push({ file, intent });
    } else {
      await removeTemporaries(file.temporary, intent?.temporary);
      await store.requeue(owner, [file.id]);
      recovery.requeued.push(file.id);
    }
  }
  return recovery;
}

/** Whether the result has its name, or has only to be given it, or is still to be made. */
async function judge(intent: Reclaimed['intent']): Promise<'placed' | 'finished' | 'missing'> {
  if (!intent) return 'missing';
  if (await holds(intent.target, intent)) return 'placed';
  if (!(await holds(intent.temporary, intent))) return 'missing';
  if (!intent.replaces) await removeClaim(intent.target, intent.writtenAt);
  return 'finished';
}

/** What cannot be read, on a drive that is not there for example, does not hold the result as far as anybody can tell. */
async function holds(path: string, { bytes, sha256 }: Intent): Promise<boolean> {
  try {
    return (await stat(path)).size === bytes && (await hashFile(path)) === sha256;
  } catch {
    return false;
  }
}

/**
 * Where a file system has no links, a commit first claims its name with an empty file. One that is younger than the
 * intent is such a claim, and would only keep the result from its name.
 */
async function removeClaim(target: string, writtenAt: number): Promise<void> {
  const found = await stat(target).catch(() => undefined);
  if (found?.isFile() && found.size === 0 && found.mtimeMs >= writtenAt - COARSE_MTIME) {
    await rm(target, { force: true }).catch(() => {});
  }
}

/** Whatever a journal says: only files that bear the name of our temporary files are ever removed. */
async function removeTemporaries(...paths: (string | undefined)[]): Promise<void> {
  for (const path of new Set(paths)) {
    if (path && /^\.enlarger-.+\.part$/.test(basename(path))) await rm(path, { force: true }).catch(() => {});
  }
}

function resultOf({ target, sha256, bytes, timings, fidelity, notes, sourceSha256 }: Intent): FileResult {
  return { target, sha256, bytes, timings, fidelity, notes, sourceSha256 };
}
