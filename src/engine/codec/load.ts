import { type FileHandle, open, rm } from 'node:fs/promises';
import { readExactly } from './file-bytes.ts';
import type { FrameLayout } from './frame-layout.ts';
import { hasAlpha, type SampleArray, split } from './planes.ts';
import { CELL, extendColours } from './transparency.ts';
import { HEADER_BYTES, pixelBytes, readHeader, sampleBytes, type VipsFrame } from './vips-frame.ts';

/** Scratch frames into pool memory: as a whole, or some of their rows. */

/** Rows of a picture, from `top` on. */
export interface Rows {
  top: number;
  rows: number;
}

/** Rows are read in pieces of this many bytes where they have to be taken apart. */
const CHUNK_BYTES = 4 * 1024 * 1024;

/**
 * Reads a decoded frame into its place in `buffer` and removes its scratch file. `transparent`: it has transparency
 * that shows. Resolves to the bytes that were copied beyond the reading itself.
 */
export async function load(work: {
  pixels: string;
  buffer: SharedArrayBuffer;
  layout: FrameLayout;
  transparent: boolean;
}): Promise<{ copied: number }> {
  await using file = await open(work.pixels, 'r');
  const frame = await readHeader(file);
  const copied = await readRows(file, frame, { ...work, rows: { top: 0, rows: frame.height } });
  await rm(work.pixels);
  return { copied };
}

/**
 * Reads some rows of a decoded frame into their place in `buffer`, each sample as `load` would. Resolves to the bytes
 * that were copied beyond the reading itself.
 */
export async function loadRows(work: {
  pixels: string;
  buffer: SharedArrayBuffer;
  layout: FrameLayout;
  rows: Rows;
  transparent: boolean;
}): Promise<{ copied: number }> {
  await using file = await open(work.pixels, 'r');
  return { copied: await readRows(file, await readHeader(file), work) };
}

async function readRows(
  file: FileHandle,
  frame: VipsFrame,
  work: { buffer: SharedArrayBuffer; layout: FrameLayout; rows: Rows; transparent: boolean },
): Promise<number> {
  const { rows, transparent } = work;
  const place = placeFor(work.buffer, work.layout, frame, rows.rows);
  if (!transparent || !place.alpha) return read(file, frame, rows, place);
  const around = surroundings(rows, frame.height);
  const all = around.rows === rows.rows;
  const wide = all ? { rgb: place.rgb, alpha: place.alpha } : newPlace(frame, around.rows);
  const copied = await read(file, frame, around, wide);
  extendColours(wide.rgb, wide.alpha, frame.width, around.rows);
  if (all) return copied;
  const from = (rows.top - around.top) * frame.width;
  const count = rows.rows * frame.width;
  place.rgb.set(wide.rgb.subarray(3 * from, 3 * (from + count)));
  place.alpha.set(wide.alpha.subarray(from, from + count));
  return copied + place.rgb.byteLength + place.alpha.byteLength;
}

/** The transparency of a decoded frame from top to bottom, some rows at a time, one sample a pixel; none without alpha. */
export async function* alphaRows(file: FileHandle, frame: VipsFrame): AsyncGenerator<SampleArray> {
  if (!hasAlpha(frame.bands)) return;
  const step = rowsAtOnce(frame);
  const place = newPlace(frame, step);
  for (let top = 0; top < frame.height; top += step) {
    const rows = Math.min(step, frame.height - top);
    await read(file, frame, { top, rows }, place);
    yield place.alpha.subarray(0, rows * frame.width);
  }
}

/** The rows that colours under transparent pixels are taken from: whole cells, and one more on each side. */
function surroundings({ top, rows }: Rows, height: number): Rows {
  const first = Math.max(0, (Math.floor(top / CELL) - 1) * CELL);
  const end = Math.min(height, (Math.ceil((top + rows) / CELL) + 1) * CELL);
  return { top: first, rows: end - first };
}

interface Place {
  rgb: SampleArray;
  alpha: SampleArray | undefined;
}

function placeFor(buffer: SharedArrayBuffer, layout: FrameLayout, frame: VipsFrame, rows: number): Place {
  const view = (offset: number, bands: number) => {
    const length = frame.width * rows * bands;
    return frame.deep ? new Uint16Array(buffer, offset, length) : new Uint8Array(buffer, offset, length);
  };
  return {
    rgb: view(layout.source, 3),
    alpha: layout.alpha === undefined ? undefined : view(layout.alpha, 1),
  };
}

function newPlace(frame: VipsFrame, rows: number): { rgb: SampleArray; alpha: SampleArray } {
  const samples = (bands: number) => {
    const length = frame.width * rows * bands;
    return frame.deep ? new Uint16Array(length) : new Uint8Array(length);
  };
  return { rgb: samples(3), alpha: samples(1) };
}

const rowBytesOf = (frame: VipsFrame) => frame.width * frame.bands * sampleBytes(frame);
const rowsAtOnce = (frame: VipsFrame) => Math.max(1, Math.floor(CHUNK_BYTES / rowBytesOf(frame)));

/** Resolves to the bytes that were copied beyond the reading. */
async function read(file: FileHandle, frame: VipsFrame, { top, rows }: Rows, place: Place): Promise<number> {
  const rowBytes = rowBytesOf(frame);
  if (frame.bands === 3) {
    const { buffer, byteOffset } = place.rgb;
    await readExactly(
      file,
      new Uint8Array(buffer, byteOffset, rows * rowBytes),
      HEADER_BYTES + top * rowBytes,
    );
    return 0;
  }
  const step = rowsAtOnce(frame);
  const chunk = new ArrayBuffer(step * rowBytes);
  for (let row = 0; row < rows; row += step) {
    const count = Math.min(step, rows - row);
    const position = HEADER_BYTES + (top + row) * rowBytes;
    await readExactly(file, new Uint8Array(chunk, 0, count * rowBytes), position);
    const from = row * frame.width;
    const part = count * frame.width;
    split(
      frame.deep
        ? new Uint16Array(chunk, 0, part * frame.bands)
        : new Uint8Array(chunk, 0, part * frame.bands),
      frame.bands,
      part,
      place.rgb.subarray(3 * from, 3 * (from + part)),
      place.alpha?.subarray(from, from + part),
    );
  }
  return pixelBytes({ ...frame, height: rows });
}
