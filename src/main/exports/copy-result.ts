import { lstat, open, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { asEnlargerError, cancelledError, EnlargerError } from '../../shared/errors.ts';
import { type CollisionPolicy, commitResult } from '../batch/commit-result.ts';
import { isDiskFull } from '../disk-full.ts';
import type { ChosenResult } from './chosen-results.ts';
import type { Temporaries } from './temporaries.ts';
import { openResult } from './zip-stream.ts';

export interface CopyOptions {
  /** Absolute; its folder is there. */
  target: string;
  policy: CollisionPolicy;
  /** Whether a file (device and inode) is never to be replaced: an original, or a result that is exported. */
  isProtected(identity: string): Promise<boolean>;
  temporaries: Temporaries;
  signal: AbortSignal;
  /** Bytes have been copied. */
  onBytes(count: number): void;
}

/** Bytes that are copied at once. */
const CHUNK = 1 << 20;

/**
 * Copies a result to where it is wanted: under a temporary name beside the target, flushed, then given its name in one
 * step. Resolves to the path it has, or undefined where `skip` left what stood there. Throws `collision` for a target
 * that is the result itself or an original, `disk-full`, `cancelled`, or why it cannot be read or written; nothing of it
 * is left then.
 */
export async function copyResult(result: ChosenResult, options: CopyOptions): Promise<string | undefined> {
  const { target, policy, isProtected, temporaries, signal } = options;
  if (policy === 'skip' && (await stands(target))) return undefined;
  await refuseItself(result, target);
  const temporary = await temporaries.in(dirname(target));
  try {
    await writeCopy(result, temporary, options);
    if (signal.aborted) throw cancelledError(signal);
    return await commitResult({ temporary, target, policy, isSource: isProtected, intend: async () => {} });
  } catch (error) {
    await rm(temporary, { force: true });
    throw inWords(error, target);
  }
}

async function writeCopy(
  { path }: ChosenResult,
  temporary: string,
  { signal, onBytes }: CopyOptions,
): Promise<void> {
  await using source = await openResult(path);
  const { atime, mtime } = await source.stat();
  await using copy = await open(temporary, 'wx');
  const chunk = new Uint8Array(CHUNK);
  for (;;) {
    if (signal.aborted) throw cancelledError(signal);
    const { bytesRead } = await source.read(chunk, 0, CHUNK);
    if (bytesRead === 0) break;
    await copy.writeFile(chunk.subarray(0, bytesRead));
    onBytes(bytesRead);
  }
  await copy.utimes(atime, mtime);
  await copy.sync();
}

async function stands(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

async function refuseItself({ identity }: ChosenResult, target: string): Promise<void> {
  const found = await stat(target).catch(() => undefined);
  if (!found || `${found.dev}:${found.ino}` !== identity) return;
  const reason = `${target}: is the result itself. Choose another folder to export to.`;
  throw new EnlargerError('collision', reason, { file: target });
}

/** What the system says of writing to `target`, for people. */
export function inWords(error: unknown, target: string): EnlargerError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof EnlargerError || code === undefined) return asEnlargerError(error, 'internal');
  const details = { file: target, cause: error };
  if (isDiskFull(error)) {
    const reason = `${target}: the disk is full. Make room and export again.`;
    return new EnlargerError('disk-full', reason, details);
  }
  const reason = `${target}: cannot be written (${message}). Choose another folder to export to.`;
  return new EnlargerError('permission-denied', reason, details);
}
