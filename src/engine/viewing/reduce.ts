import type { Rect } from '../../shared/tiles.ts';
import type { SampleArray } from '../codec/planes.ts';

/** Part of a picture: interleaved samples, rows without gaps. */
export interface Patch {
  rect: Rect;
  samples: SampleArray;
  bands: number;
  /** 1 for each pixel that is there, 0 for others; absent where all are. */
  covered?: Uint8Array;
}

/**
 * Reduces `from` by the whole number `factor` into `to`, whose rectangle is in reduced pixels: each is the mean of
 * what `from` has of it, and there if that is anything. A reduced pixel is taken from the patch that its upper left
 * corner lies in, so that patches side by side make each of them once.
 */
export function reduceInto(from: Patch, factor: number, to: Required<Patch>): void {
  const { rect, bands } = from;
  const left = Math.max(Math.ceil(rect.x / factor), to.rect.x);
  const right = Math.min(Math.ceil((rect.x + rect.width) / factor), to.rect.x + to.rect.width);
  const top = Math.max(Math.ceil(rect.y / factor), to.rect.y);
  const bottom = Math.min(Math.ceil((rect.y + rect.height) / factor), to.rect.y + to.rect.height);
  const sums = new Float64Array(Math.max(0, right - left) * bands);
  const counts = new Uint32Array(Math.max(0, right - left));
  for (let y = top; y < bottom; y++) {
    sums.fill(0);
    counts.fill(0);
    const end = Math.min((y + 1) * factor, rect.y + rect.height);
    for (let row = y * factor; row < end; row++) addRow(from, row, { left, right, factor }, sums, counts);
    for (let x = left; x < right; x++) {
      const count = counts[x - left] as number;
      if (count === 0) continue;
      const place = (y - to.rect.y) * to.rect.width + (x - to.rect.x);
      to.covered[place] = 1;
      for (let band = 0; band < bands; band++) {
        to.samples[place * bands + band] = Math.round((sums[(x - left) * bands + band] as number) / count);
      }
    }
  }
}

function addRow(
  { rect, samples, bands, covered }: Patch,
  row: number,
  { left, right, factor }: { left: number; right: number; factor: number },
  sums: Float64Array,
  counts: Uint32Array,
): void {
  const start = (row - rect.y) * rect.width - rect.x;
  for (let cell = 0; cell < right - left; cell++) {
    const first = (left + cell) * factor;
    const end = Math.min(first + factor, rect.x + rect.width);
    for (let x = first; x < end; x++) {
      if (covered && covered[start + x] === 0) continue;
      const from = (start + x) * bands;
      const to = cell * bands;
      for (let band = 0; band < bands; band++) {
        sums[to + band] = (sums[to + band] as number) + (samples[from + band] as number);
      }
      counts[cell] = (counts[cell] as number) + 1;
    }
  }
}
