import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gatherArea, isGray, type Samples } from '../../../src/engine/inference/gather.ts';
import { reflect } from '../../../src/engine/inference/reflect.ts';
import { planTiles, type Rect } from '../../../src/shared/tiles.ts';

/** Walks from the first pixel to `position` step by step, turning round at both ends: the end pixel stands there twice. */
function reflectByWalking(position: number, length: number): number {
  let [at, step] = position < 0 ? [0, -1] : [0, 1];
  for (let steps = Math.abs(position); steps > 0; steps--) {
    if (at + step < 0 || at + step >= length) step = -step;
    else at += step;
  }
  return at;
}

/** What `gatherArea` means, a sample at a time. */
function gatherNaively({ data, width, height }: Samples, area: Rect): number[] {
  const samples: number[] = [];
  for (let y = area.y; y < area.y + area.height; y++) {
    for (let x = area.x; x < area.x + area.width; x++) {
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
const reach = fc.integer({ min: 0, max: 17 });
const settings = { width: side, height: side, radius: reach, more: reach, deep: fc.boolean() };

/** `tile` with `radius` pixels around it, and `more` to the right and below. */
function around({ x, y, width, height }: Rect, radius: number, more = 0): Rect {
  const grown = 2 * radius + more;
  return { x: x - radius, y: y - radius, width: width + grown, height: height + grown };
}

it('reflect turns round at both ends, as often as it takes', () => {
  fc.assert(
    fc.property(fc.integer({ min: -60, max: 60 }), side, (position, length) => {
      expect(reflect(position, length)).toBe(reflectByWalking(position, length));
    }),
  );
  expect([-3, -2, -1, 0, 1, 2, 3, 4, 5, 6].map((position) => reflect(position, 4))).toEqual([
    2, 1, 0, 0, 1, 2, 3, 3, 2, 1,
  ]);
});

describe('gatherArea', () => {
  it('agrees with the naive reference for every tile of a frame', () => {
    const cases = fc.record({ ...settings, tileWidth: side, tileHeight: side });
    fc.assert(
      fc.property(cases, ({ width, height, radius, more, deep, tileWidth, tileHeight }) => {
        const frame = frameOf(width, height, deep);
        for (const tile of planTiles(width, height, { width: tileWidth, height: tileHeight })) {
          const area = around(tile, radius, more);
          const expected = gatherNaively(frame, area);
          const into = deep ? new Uint16Array(expected.length) : new Uint8Array(expected.length);
          gatherArea(frame, area, into);
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
    const area = around({ x: 0, y: 0, width, height }, radius);
    const expected = gatherNaively(frame, area);
    const into = new Uint8Array(expected.length);
    gatherArea(frame, area, into);
    expect([...into]).toEqual(expected);
  });
});

it('isGray is true where no pixel has a colour', () => {
  const gray = Uint8Array.of(1, 1, 1, 200, 200, 200);
  expect(isGray(gray)).toBe(true);
  for (const index of gray.keys()) {
    const coloured = gray.slice();
    coloured[index] = 7;
    expect(isGray(coloured), `sample ${index}`).toBe(false);
  }
});
