import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planTiles, type Rect, union } from '../../src/shared/tiles.ts';

const side = fc.integer({ min: 1, max: 90 });

/** How often each pixel is covered, row by row. */
function coverage(tiles: readonly Rect[], width: number, height: number): Uint8Array {
  const counts = new Uint8Array(width * height);
  for (const { x, y, width: across, height: down } of tiles) {
    for (let row = y; row < y + down; row++) {
      for (let column = x; column < x + across; column++) {
        counts[row * width + column] = (counts[row * width + column] ?? 0) + 1;
      }
    }
  }
  return counts;
}

describe('planTiles', () => {
  it('covers each pixel exactly once', () => {
    fc.assert(
      fc.property(side, side, side, side, (width, height, across, down) => {
        const tiles = planTiles(width, height, { width: across, height: down });
        expect(coverage(tiles, width, height)).toEqual(new Uint8Array(width * height).fill(1));
        expect(tiles.reduce((sum, tile) => sum + tile.width * tile.height, 0)).toBe(width * height);
      }),
    );
  });

  it('makes no more tiles than needed, none larger than asked, and none a sliver', () => {
    fc.assert(
      fc.property(side, side, side, side, (width, height, across, down) => {
        const tiles = planTiles(width, height, { width: across, height: down });
        const widths = tiles.map((tile) => tile.width);
        const heights = tiles.map((tile) => tile.height);
        expect(tiles).toHaveLength(Math.ceil(width / across) * Math.ceil(height / down));
        expect(Math.max(...widths)).toBeLessThanOrEqual(across);
        expect(Math.max(...heights)).toBeLessThanOrEqual(down);
        expect(Math.max(...widths) - Math.min(...widths)).toBeLessThanOrEqual(1);
        expect(Math.max(...heights) - Math.min(...heights)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('begins tiles at multiples, covers each pixel exactly once and makes no more tiles than needed', () => {
    const multiples = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(side, side, multiples, multiples, multiples, (width, height, multiple, across, down) => {
        const tile = { width: across * multiple, height: down * multiple };
        const tiles = planTiles(width, height, tile, multiple);
        expect(coverage(tiles, width, height)).toEqual(new Uint8Array(width * height).fill(1));
        expect(tiles).toHaveLength(planTiles(width, height, tile).length);
        for (const each of tiles) {
          expect([each.x % multiple, each.y % multiple]).toEqual([0, 0]);
          expect(each.width).toBeLessThanOrEqual(tile.width);
          expect(each.height).toBeLessThanOrEqual(tile.height);
        }
      }),
    );
  });

  it('goes row by row', () => {
    expect(planTiles(5, 3, { width: 2, height: 2 })).toEqual([
      { x: 0, y: 0, width: 1, height: 1 },
      { x: 1, y: 0, width: 2, height: 1 },
      { x: 3, y: 0, width: 2, height: 1 },
      { x: 0, y: 1, width: 1, height: 2 },
      { x: 1, y: 1, width: 2, height: 2 },
      { x: 3, y: 1, width: 2, height: 2 },
    ]);
  });

  it('makes one tile of a picture that is smaller than a tile', () => {
    const whole = { x: 0, y: 0, width: 31, height: 7 };
    expect(planTiles(31, 7, { width: 512, height: 512 })).toEqual([whole]);
  });
});

it('union is the smallest rectangle around both', () => {
  const rect = fc.record({ x: fc.nat(50), y: fc.nat(50), width: side, height: side });
  fc.assert(
    fc.property(rect, rect, (a, b) => {
      const { x, y, width, height } = union(a, b);
      const ends = (start: 'x' | 'y', length: 'width' | 'height') =>
        [a, b].map((each) => each[start] + each[length]);
      expect([x, y, x + width, y + height]).toEqual([
        Math.min(a.x, b.x),
        Math.min(a.y, b.y),
        Math.max(...ends('x', 'width')),
        Math.max(...ends('y', 'height')),
      ]);
    }),
  );
  expect(union({ x: 0, y: 4, width: 2, height: 2 }, { x: 5, y: 0, width: 1, height: 1 })).toEqual({
    x: 0,
    y: 0,
    width: 6,
    height: 6,
  });
});
