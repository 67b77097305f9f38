import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { cancelledError, EnlargerError } from '../../shared/errors.ts';
import { gone } from '../media/media-response.ts';
import { type ChosenResult, nameInZip } from './chosen-results.ts';

/** Bytes that are read at once. */
const CHUNK = 1 << 18;

/** What happens while a ZIP is made. */
export interface ZipProgress {
  bytes(count: number): void;
  /** A result is in it. */
  done(result: ChosenResult): void;
  /** A result is not there any more, and is left out; without this the whole ZIP fails. */
  leftOut?(result: ChosenResult, reason: EnlargerError): void;
}

/**
 * Results as one ZIP that mirrors their folders, in composed names. Pictures are stored as they are: they would not
 * become smaller. One is read at a time, as fast as the ZIP is. It fails with what went wrong with a result; destroying
 * it ends all reading.
 */
export function zipStream(results: readonly ChosenResult[], progress: ZipProgress): Readable {
  const zip = new ZipFile();
  const body = zip.outputStream as Readable;
  zip.on('error', (error: Error) => body.destroy(error));
  void addAll(zip, results, progress).catch((error: Error) => body.destroy(error));
  return body;
}

async function addAll(zip: ZipFile, results: readonly ChosenResult[], progress: ZipProgress): Promise<void> {
  const body = zip.outputStream as Readable;
  for (const result of results) {
    if (body.destroyed) return;
    try {
      await using file = await openResult(result.path);
      await add(zip, result, file, progress);
      progress.done(result);
    } catch (error) {
      const absent = error instanceof EnlargerError && error.code === 'not-found';
      if (!absent || !progress.leftOut) throw error;
      progress.leftOut(result, error);
    }
  }
  if (!body.destroyed) zip.end();
}

async function add(
  zip: ZipFile,
  { path, name, size, mtime }: ChosenResult,
  file: FileHandle,
  progress: ZipProgress,
): Promise<void> {
  const body = zip.outputStream as Readable;
  // Of a file that has grown since, what was announced: the ZIP's own length depends on it.
  if ((await file.stat()).size < size) throw changed(path);
  // Whoever read it may have gone while the file was opened.
  if (body.destroyed) throw cancelledError();
  const range = size === 0 ? {} : { end: size - 1 };
  const reading = file.createReadStream({ ...range, highWaterMark: CHUNK, autoClose: false });
  let taken = 0;
  reading.on('data', (chunk) => {
    taken += chunk.length;
    progress.bytes(chunk.length);
  });
  // Until the ZIP asks for it.
  reading.pause();
  const stop = () => reading.destroy();
  body.once('close', stop);
  try {
    const ended = finished(reading, { writable: false });
    zip.addReadStreamLazy(nameInZip(name), { size, mtime, compress: false }, (take) => take(null, reading));
    await ended;
  } finally {
    body.off('close', stop);
  }
  if (taken < size) throw changed(path);
}

/** Opens a result for reading. Throws `not-found` where it is gone, or is a link now. */
export async function openResult(path: string): Promise<FileHandle> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch(() => {
    throw gone(path);
  });
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw gone(path);
}

function changed(path: string): EnlargerError {
  return new EnlargerError('source-changed', `${path}: was changed meanwhile. Export it again.`, {
    file: path,
  });
}

/** Bytes that a ZIP of these results will have; undefined where that cannot be told before. */
export async function zipLength(results: readonly ChosenResult[]): Promise<number | undefined> {
  const zip = new ZipFile();
  for (const { name, size, mtime } of results) {
    // Nothing is ever read: what is announced is enough to tell.
    zip.addReadStreamLazy(nameInZip(name), { size, mtime, compress: false }, () => {});
  }
  const bytes = await new Promise<number>((resolve) => {
    zip.end({ forceZip64Format: false, comment: '' }, resolve as () => void);
  });
  return bytes >= 0 ? bytes : undefined;
}
