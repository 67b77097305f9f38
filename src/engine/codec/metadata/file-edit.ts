import type { FileHandle } from 'node:fs/promises';
import { readExactly, writeExactly } from '../file-bytes.ts';
import type { ReadAt } from './ifd.ts';

const BLOCK_BYTES = 4 * 1024 * 1024;

/** Reads `file` within its size. */
export function fileReader(file: FileHandle, size: number): ReadAt {
  return async (at, length) => {
    if (at < 0 || length < 0 || at + length > size) return undefined;
    const bytes = Buffer.alloc(length);
    await readExactly(file, bytes, at);
    return bytes;
  };
}

/** Inserts `bytes` at `position` and moves what follows, from its end on: no second file, no whole one in memory. */
export async function insertBytes(file: FileHandle, position: number, bytes: Buffer): Promise<void> {
  const block = Buffer.alloc(BLOCK_BYTES);
  for (let end = (await file.stat()).size; end > position; ) {
    const start = Math.max(position, end - BLOCK_BYTES);
    const part = block.subarray(0, end - start);
    await readExactly(file, part, start);
    await writeExactly(file, part, start + bytes.length);
    end = start;
  }
  await writeExactly(file, bytes, position);
}
