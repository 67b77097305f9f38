import { access, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { EnlargerError } from '../../../shared/errors.ts';
import { commitResult } from '../../batch/commit-result.ts';

/** Where new forms of models are written, and how they come to stand there. */

/** What keeps names apart that stand in one folder: enough of a hash. */
const HASH_DIGITS = 12;

/** Where a model is written that is to stand at `target`. */
export function temporaryFor(target: string): string {
  return join(dirname(target), `.${basename(target)}.${process.pid}.part`);
}

/** Throws `collision` where something stands already. */
export async function expectFree(target: string): Promise<void> {
  if (!(await exists(target))) return;
  const message = `${target}: is there already. Remove it, or choose another --out.`;
  throw new EnlargerError('collision', message, { file: target });
}

export async function expectFolder(target: string): Promise<void> {
  if (await exists(dirname(target))) return;
  const message = `${target}: there is no such folder. Make it, or choose another --out.`;
  throw new EnlargerError('not-found', message, { file: target });
}

/** Until the manifest has been replaced, the file that it names stays where it is. */
export async function freeName(target: string, sha256: string): Promise<string> {
  if (!(await exists(target))) return target;
  return target.replace(/\.onnx$/, `-${sha256.slice(0, HASH_DIGITS)}.onnx`);
}

/** Gives the finished file `temporary` its name, replacing nothing. Throws `collision`. */
export async function place(temporary: string, target: string): Promise<string> {
  const placed = await commitResult({
    temporary,
    target,
    policy: 'skip',
    isSource: async () => false,
    intend: async () => {},
  });
  if (placed !== undefined) return placed;
  await expectFree(target);
  return target;
}

/** Does `work`; if that fails, `files` go again, those too that were added to it meanwhile. */
export async function orRemoved<T>(files: readonly string[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    for (const file of files) await rm(file, { force: true });
    throw error;
  }
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
