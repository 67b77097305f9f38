import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fromUnit,
  gatherTile,
  type Samples,
  scatterTile,
  toUnit,
} from '../../../src/engine/inference/gather.ts';
import { reflect } from '../../../src/engine/inference/reflect.ts';
import { planTiles, type Rect } from '../../../src/shared/tiles.ts';

/** Walks from the first pixel to `position` step by step, turning round at both ends. */
function reflectByWalking(position: number, length: number): number {
  if (length === 1) return 0;
  let [at, step] = [0, 1];
  for (let steps = Math.abs(position); steps > 0; steps--) {
    if (at + step < 0 || at + step >= length) step = -step;
    at += step;
  }
  return at;
}

/** What `gatherTile` means, a sample at a time. */
function gatherNaively({ data, width, height }: Samples, tile: Rect, radius: number): number[] {
  const samples: number[] = [];
  for (let y = tile.y - radius; y < tile.y + tile.height + radius; y++) {
    for (let x = tile.x - radius; x < tile.x + tile.width + radius; x++) {
      const pixel = reflectByWalking(y, height) * width + reflectByWalking(x, width);
      for (let channel = 0; channel < 3; channel++) samples.push(data[3 * pixel + channel] as number);
    }
  }
  return samples;
}

function frameOf(width: number, height: number, deep: boolean): Samples {
  const data = deep ? new Uint16Array(width * height * 3) : new Uint8Array(width * height * 3);
  // Neighbours differ, and so do channels: no misplaced sample can pass for another.
  return { data: data.map((_, index) => (index * 37) % (deep ? 65_521 : 251)), width, height };
}

const side = fc.integer({ min: 1, max: 14 });
const settings = { width: side, height: side, radius: fc.integer({ min: 0, max: 17 }), deep: fc.boolean() };

it('reflect turns round at both ends, as often as it takes', () => {
  fc.assert(
    fc.property(fc.integer({ min: -60, max: 60 }), side, (position, length) => {
      expect(reflect(position, length)).toBe(reflectByWalking(position, length));
    }),
  );
  expect([-3, -2, -1, 0, 1, 2, 3, 4, 5, 6].map((position) => reflect(position, 4))).toEqual([
    3, 2, 1, 0, 1, 2, 3, 2, 1, 0,
  ]);
});

describe('gatherTile', () => {
  it('agrees with the naive reference for every tile of a frame', () => {
    const cases = fc.record({ ...settings, tileWidth: side, tileHeight: side });
    fc.assert(
      fc.property(cases, ({ width, height, radius, deep, tileWidth, tileHeight }) => {
        const frame = frameOf(width, height, deep);
        for (const tile of planTiles(width, height, { width: tileWidth, height: tileHeight })) {
          const expected = gatherNaively(frame, tile, radius);
          const into = deep ? new Uint16Array(expected.length) : new Uint8Array(expected.length);
          gatherTile(frame, tile, radius, into);
          expect([...into]).toEqual(expected);
        }
      }),
    );
  });

  it.each([
    [1, 1, 12],
    [1, 9, 4],
    [9, 1, 4],
    [2, 2, 12],
    [3, 5, 12],
  ])('frames of %i×%i under a radius of %i', (width, height, radius) => {
    const frame = frameOf(width, height, false);
    const whole = { x: 0, y: 0, width, height };
    const expected = gatherNaively(frame, whole, radius);
    const into = new Uint8Array(expected.length);
    gatherTile(frame, whole, radius, into);
    expect([...into]).toEqual(expected);
  });
});

describe('scatterTile', () => {
  it('puts every tile back where it was gathered from', () => {
    const cases = fc.record({ ...settings, tileWidth: side, tileHeight: side });
    fc.assert(
      fc.property(cases, ({ width, height, deep, tileWidth, tileHeight }) => {
        const frame = frameOf(width, height, deep);
        const copy: Samples = { ...frame, data: frame.data.slice().fill(0) };
        for (const tile of planTiles(width, height, { width: tileWidth, height: tileHeight })) {
          const samples = frame.data.slice(0, tile.width * tile.height * 3);
          gatherTile(frame, tile, 0, samples);
          scatterTile(samples, tile, copy);
        }
        expect(copy.data).toEqual(frame.data);
      }),
    );
  });

  it('touches nothing beside its place', () => {
    const frame: Samples = { data: new Uint8Array(4 * 3 * 3), width: 4, height: 3 };
    scatterTile(new Uint8Array(6).fill(9), { x: 1, y: 1, width: 2, height: 1 }, frame);
    const touched = [...frame.data].flatMap((sample, index) => (sample === 9 ? [index] : []));
    expect(touched).toEqual([15, 16, 17, 18, 19, 20]);
  });
});

describe('16 bits as floats', () => {
  it('all 65536 values survive the way there and back', () => {
    const all = Uint16Array.from({ length: 65_536 }, (_, value) => value);
    const unit = new Float32Array(all.length);
    toUnit(all, unit);
    const back = new Uint16Array(all.length);
    fromUnit(unit, back);
    expect(back).toEqual(all);
    expect([unit[0], unit[65_535]]).toEqual([0, 1]);
  });

  it('what a network puts beyond the range is clipped, and the rest rounded to the nearest', () => {
    const back = new Uint16Array(5);
    fromUnit(Float32Array.of(-0.2, 1.7, 0.6 / 65_535, 0.4 / 65_535, 0.5), back);
    expect([...back]).toEqual([0, 65_535, 1, 0, 32_768]);
  });
});
