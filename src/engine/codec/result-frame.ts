import { open } from 'node:fs/promises';
import { readAlpha } from './alpha.ts';
import { writeExactly } from './file-bytes.ts';
import type { FrameLayout } from './frame-layout.ts';
import type { Rows } from './load.ts';
import { join } from './planes.ts';
import { type RawSize, rawPixelsAt, rawRowBytes, rawTiffHeader } from './raw-tiff.ts';
import { expectRoom } from './scratch-room.ts';
import { pixelBytes } from './vips-frame.ts';

/** Results that memory cannot hold whole: scratch files filled band by band, and then encoded from. */

/**
 * Makes the scratch file `result`, its pixels not yet written. `size`: of the result. Throws `disk-full`, naming `source`,
 * where there is no room for it.
 */
export async function createResult({
  source,
  result,
  size,
}: {
  source: string;
  result: string;
  size: RawSize;
}): Promise<void> {
  await expectRoom(result, pixelBytes(size), source);
  await using file = await open(result, 'wx');
  await writeExactly(file, rawTiffHeader(size), 0);
}

/**
 * Writes rows of the result to its scratch file. `held` are the rows of the result that the slot `layout` of
 * `buffer` stands for, `rows` those of them that are written. Without `alpha`, alpha is opaque. Resolves to the
 * bytes that were copied beyond the writing itself.
 */
export async function storeRows({
  buffer,
  layout,
  result,
  alpha,
  size,
  held,
  rows,
}: {
  buffer: SharedArrayBuffer;
  layout: FrameLayout;
  result: string;
  alpha: string | undefined;
  size: RawSize;
  held: Rows;
  rows: Rows;
}): Promise<{ copied: number }> {
  const { width, bands, deep } = size;
  const view = (offset: number, ofBands: number) => {
    const [from, count] = [(rows.top - held.top) * width * ofBands, rows.rows * width * ofBands];
    return deep
      ? new Uint16Array(buffer, offset + 2 * from, count)
      : new Uint8Array(buffer, offset + from, count);
  };
  const samples = view(layout.joined, bands);
  let copied = 0;
  if (bands !== 3) {
    const opacity = alpha === undefined ? undefined : await readAlpha(alpha, size, rows);
    join(view(layout.result, 3), opacity, bands, rows.rows * width, samples);
    copied = samples.byteLength;
  }
  await using file = await open(result, 'r+');
  const position = rawPixelsAt(size) + rows.top * rawRowBytes(size);
  await writeExactly(file, new Uint8Array(buffer, samples.byteOffset, samples.byteLength), position);
  return { copied };
}
