import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CELL, extendColours } from '../../../src/engine/codec/transparency.ts';
import { randomNumbers } from '../../support/pictures.ts';

const RED = [200, 10, 20];
const BLUE = [5, 15, 250];

/** A row or picture of pixels, `undefined` for one that is transparent; its colour is white then. */
function extended(pixels: readonly (readonly number[] | undefined)[], width: number): number[][] {
  const rgb = Uint8Array.from(pixels.flatMap((pixel) => pixel ?? [255, 255, 255]));
  const alpha = Uint8Array.from(pixels, (pixel) => (pixel ? 255 : 0));
  extendColours(rgb, alpha, width, pixels.length / width);
  return pixels.map((_, index) => [...rgb.subarray(3 * index, 3 * index + 3)]);
}

describe('colours under transparent pixels', () => {
  it('are those of the nearest visible ones', () => {
    expect(extended([RED, undefined, undefined, BLUE], 4)).toEqual([RED, RED, BLUE, BLUE]);
    expect(extended([undefined, RED, undefined, undefined], 1)).toEqual([RED, RED, RED, RED]);
  });

  it('are a mean where several are as near', () => {
    expect(extended([RED, BLUE, undefined, undefined], 2).slice(2)).toEqual([
      [103, 13, 135],
      [103, 13, 135],
    ]);
  });

  it('stay as they are where nothing is visible at all', () => {
    expect(extended([undefined, undefined], 2)).toEqual([
      [255, 255, 255],
      [255, 255, 255],
    ]);
  });

  it('reach across a large picture from one pixel', () => {
    const pixels = Array.from({ length: 33 * 17 }, (_, index) => (index === 200 ? BLUE : undefined));
    expect(new Set(extended(pixels, 33).map(String))).toEqual(new Set([String(BLUE)]));
  });
});

const pictures = fc
  .record({
    width: fc.integer({ min: 1, max: 12 }),
    height: fc.integer({ min: 1, max: 12 }),
    deep: fc.boolean(),
  })
  .chain(({ width, height, deep }) => {
    const sample = fc.integer({ min: 0, max: deep ? 65_535 : 255 });
    const exactly = (length: number) => ({ minLength: length, maxLength: length });
    return fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      deep: fc.constant(deep),
      rgb: fc.array(sample, exactly(width * height * 3)),
      alpha: fc.array(fc.oneof(fc.constant(0), sample), exactly(width * height)),
    });
  });

it('visible pixels are untouched, and invented colours lie between visible ones', () => {
  fc.assert(
    fc.property(pictures, ({ width, height, deep, rgb, alpha }) => {
      const samples = deep ? Uint16Array : Uint8Array;
      const after = samples.from(rgb);
      extendColours(after, samples.from(alpha), width, height);
      for (let channel = 0; channel < 3; channel++) {
        const visible = alpha.flatMap((value, pixel) =>
          value === 0 ? [] : [rgb[3 * pixel + channel] as number],
        );
        const least = Math.min(...visible);
        const most = Math.max(...visible);
        for (const [pixel, value] of alpha.entries()) {
          const now = after[3 * pixel + channel] as number;
          if (value !== 0) expect(now).toBe(rgb[3 * pixel + channel]);
          else if (visible.length === 0) expect(now).toBe(rgb[3 * pixel + channel]);
          else expect(now >= least && now <= most).toBe(true);
        }
      }
    }),
  );
});

it('a band with a cell around it becomes what it is in the whole picture', () => {
  const [width, height] = [70, 260];
  const random = randomNumbers(5);
  const rgb = Uint8Array.from({ length: width * height * 3 }, () => 256 * random());
  // Islands far apart, so that there are cells without colour, and cells without coloured neighbours.
  const alpha = Uint8Array.from({ length: width * height }, (_, pixel) =>
    Math.floor(pixel / width) % 130 < 6 && pixel % width < 9 ? 255 : 0,
  );
  const whole = rgb.slice();
  extendColours(whole, alpha, width, height);
  for (let top = 2 * CELL; top < height; top += CELL) {
    const rows = Math.min(CELL, height - top);
    const first = (top - CELL) * width;
    const end = Math.min(height, top + 2 * CELL) * width;
    const part = rgb.slice(3 * first, 3 * end);
    extendColours(part, alpha.slice(first, end), width, (end - first) / width);
    const own = part.subarray(3 * CELL * width, 3 * (CELL + rows) * width);
    expect(own).toEqual(whole.subarray(3 * top * width, 3 * (top + rows) * width));
  }
});

it('colour reaches every pixel within a cell of a visible one, and leaves what lies far away', () => {
  const width = 400;
  const alpha = Uint8Array.from({ length: width }, (_, x) => (x === 100 ? 255 : 0));
  const rgb = Uint8Array.from({ length: 3 * width }, (_, index) => (Math.floor(index / 3) === 100 ? 7 : 200));
  extendColours(rgb, alpha, width, 1);
  for (let x = 100 - CELL; x <= 100 + CELL; x++) expect(rgb[3 * x]).toBe(7);
  expect([rgb[0], rgb[3 * 399]]).toEqual([200, 200]);
});
