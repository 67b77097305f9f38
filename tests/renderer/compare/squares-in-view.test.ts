import fc from 'fast-check';
import { expect, test } from 'vitest';
import { levelFor, squarePart, squaresInView } from '../../../src/renderer/compare/squares-in-view.ts';
import { SQUARE_SIDE } from '../../../src/shared/contract/media.ts';

const SIZE = { width: 8000, height: 6000 };

test.each([
  [16, 0],
  [1, 0],
  [0.51, 0],
  [0.5, 1],
  [0.26, 1],
  [0.25, 2],
  [0.1, 3],
  [0.0625, 4],
  [0.001, 4],
])('at zoom %d pictures are looked at by level %i', (zoom, level) => {
  expect(levelFor(zoom, SIZE)).toBe(level);
});

test('a small picture has one level', () => {
  expect(levelFor(0.01, { width: 300, height: 1 })).toBe(0);
  expect(levelFor(0.01, { width: 513, height: 1 })).toBe(1);
});

test('squares end with the picture', () => {
  expect(squarePart({ level: 2, column: 3, row: 2 }, SIZE)).toEqual({
    x: 6144,
    y: 4096,
    width: 1856,
    height: 1904,
  });
});

test('the nearest to the middle come first', () => {
  const places = squaresInView({ x: 0, y: 0, width: 2560, height: 512 }, 0, SIZE);
  expect(places.map(({ column }) => column)).toEqual([2, 1, 3, 0, 4]);
});

test('nothing in view is no squares', () => {
  expect(squaresInView({ x: 100, y: 100, width: 0, height: 10 }, 0, SIZE)).toEqual([]);
});

test('they cover what is in view, and no square is in vain', () => {
  const within = fc.record({
    x: fc.double({ min: 0, max: 7999, noNaN: true }),
    y: fc.double({ min: 0, max: 5999, noNaN: true }),
    width: fc.double({ min: 0.5, max: 8000, noNaN: true }),
    height: fc.double({ min: 0.5, max: 6000, noNaN: true }),
    level: fc.integer({ min: 0, max: 5 }),
  });
  fc.assert(
    fc.property(within, ({ x, y, width, height, level }) => {
      const part = { x, y, width: Math.min(width, 8000 - x), height: Math.min(height, 6000 - y) };
      const squares = squaresInView(part, level, SIZE).map((place) => squarePart(place, SIZE));
      const covers = (px: number, py: number) =>
        squares.some((one) => {
          return px >= one.x && px <= one.x + one.width && py >= one.y && py <= one.y + one.height;
        });
      expect(covers(part.x, part.y)).toBe(true);
      expect(covers(part.x + part.width, part.y + part.height)).toBe(true);
      const side = SQUARE_SIDE * 2 ** level;
      expect(squares.length).toBeLessThanOrEqual(
        (Math.ceil(part.width / side) + 1) * (Math.ceil(part.height / side) + 1),
      );
      for (const square of squares) {
        expect(square.x).toBeLessThan(part.x + part.width);
        expect(square.x + square.width).toBeGreaterThan(part.x);
      }
    }),
  );
});
