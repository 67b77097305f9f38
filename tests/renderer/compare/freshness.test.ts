import { expect, test } from 'vitest';
import { Freshness } from '../../../src/renderer/compare/freshness.ts';

const SIZE = { width: 2000, height: 1500 };
const ALL = { x: 0, y: 0, ...SIZE };

test('nothing is done at first', () => {
  expect(new Freshness(SIZE, 0).stampOf(ALL)).toBe(0);
});

test('whatever was done before is known to be old', () => {
  expect(new Freshness(SIZE, 7).stampOf({ x: 1999, y: 1499, width: 1, height: 1 })).toBe(7);
});

test('a change is seen where it is, and nowhere else', () => {
  const freshness = new Freshness(SIZE, 0);
  freshness.touch({ x: 600, y: 10, width: 100, height: 20 }, 3);
  expect(freshness.stampOf({ x: 512, y: 0, width: 512, height: 512 })).toBe(3);
  expect(freshness.stampOf({ x: 0, y: 0, width: 512, height: 512 })).toBe(0);
  expect(freshness.stampOf({ x: 512, y: 512, width: 512, height: 512 })).toBe(0);
  expect(freshness.stampOf(ALL)).toBe(3);
});

test('the latest change counts', () => {
  const freshness = new Freshness(SIZE, 0);
  freshness.touch(ALL, 1);
  freshness.touch({ x: 0, y: 0, width: 10, height: 10 }, 2);
  expect(freshness.stampOf(ALL)).toBe(2);
  expect(freshness.stampOf({ x: 1024, y: 0, width: 512, height: 512 })).toBe(1);
});
