import { closeSync, openSync, readSync } from 'node:fs';
import type { Rect } from '../../shared/tiles.ts';
import { readAlpha } from '../codec/alpha.ts';
import { hasAlpha, join, type SampleArray } from '../codec/planes.ts';
import { type RawSize, rawPixelsAt, rawRowBytes } from '../codec/raw-tiff.ts';
import { sampleBytes } from '../codec/vips-frame.ts';
import type { PixelPlace, ResultView } from './result-in-work.ts';

/** Copies the samples of `rect` out of a result in work, with the bands of its file, rows without gaps. */
export async function readResult(view: ResultView, rect: Rect): Promise<SampleArray> {
  const { size, pixels, alpha } = view;
  if (pixels.kind === 'file') return readFile(pixels.file, size, rect);
  const samples = copyRows(pixels, size, rect);
  if (pixels.bands === size.bands) return samples;
  const opacity = alpha === undefined ? undefined : await alphaOf(alpha, size, rect);
  const joined = newSamples(size, rect.width * rect.height * size.bands);
  join(samples, hasAlpha(size.bands) ? opacity : undefined, size.bands, rect.width * rect.height, joined);
  return joined;
}

export function newSamples({ deep }: { deep: boolean }, length: number): SampleArray {
  return deep ? new Uint16Array(length) : new Uint8Array(length);
}

function copyRows(place: PixelPlace & { kind: 'memory' }, size: RawSize, rect: Rect): SampleArray {
  const { buffer, offset, bands } = place;
  const count = size.width * size.height * bands;
  const all = size.deep ? new Uint16Array(buffer, offset, count) : new Uint8Array(buffer, offset, count);
  const row = rect.width * bands;
  const copy = newSamples(size, rect.height * row);
  for (let y = 0; y < rect.height; y++) {
    const from = ((rect.y + y) * size.width + rect.x) * bands;
    copy.set(all.subarray(from, from + row), y * row);
  }
  return copy;
}

/** Many short reads: asking libuv for each would take far longer than reading it. */
function readFile(file: string, size: RawSize, rect: Rect): SampleArray {
  const samples = newSamples(size, rect.width * rect.height * size.bands);
  const bytes = new Uint8Array(samples.buffer);
  const pixel = size.bands * sampleBytes(size);
  const length = rect.width * pixel;
  const fd = openSync(file, 'r');
  try {
    for (let y = 0; y < rect.height; y++) {
      const position = rawPixelsAt(size) + (rect.y + y) * rawRowBytes(size) + rect.x * pixel;
      readSync(fd, bytes, y * length, length, position);
    }
  } finally {
    closeSync(fd);
  }
  return samples;
}

async function alphaOf(file: string, size: RawSize, rect: Rect): Promise<SampleArray> {
  const rows = await readAlpha(file, size, { top: rect.y, rows: rect.height });
  const alpha = newSamples(size, rect.width * rect.height);
  for (let y = 0; y < rect.height; y++) {
    const from = y * size.width + rect.x;
    alpha.set(rows.subarray(from, from + rect.width), y * rect.width);
  }
  return alpha;
}
