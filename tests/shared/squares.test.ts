import { expect, it } from 'vitest';
import { reducedSize, squareRect } from '../../src/shared/squares.ts';

it.each([
  [{ width: 1, height: 1 }, 12, { width: 1, height: 1 }],
  [{ width: 1025, height: 1024 }, 1, { width: 513, height: 512 }],
  [{ width: 12_000, height: 8001 }, 3, { width: 1500, height: 1001 }],
])('%j reduced %i times by half is %j', (size, level, reduced) => {
  expect(reducedSize(size, level)).toEqual(reduced);
});

it('squares cover the reduced picture, and end with it', () => {
  const size = { width: 1025, height: 600 };
  expect(squareRect(size, { level: 0, column: 2, row: 1 })).toEqual({
    x: 1024,
    y: 512,
    width: 1,
    height: 88,
  });
  expect(squareRect(size, { level: 1, column: 1, row: 0 })).toEqual({ x: 512, y: 0, width: 1, height: 300 });
  expect(squareRect(size, { level: 0, column: 3, row: 0 })).toBeUndefined();
  expect(squareRect(size, { level: 2, column: 0, row: 1 })).toBeUndefined();
});
