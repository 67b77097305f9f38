import { expect, test } from 'vitest';
import { BitmapCache } from '../../../src/renderer/compare/bitmap-cache.ts';
import { TestBitmap } from './test-bitmap.ts';

const NOTHING = new Set<string>();

test('bitmaps are kept while they fit', () => {
  const cache = new BitmapCache<TestBitmap>(400);
  cache.put('a', { bitmap: new TestBitmap(), full: false, version: '1' });
  expect(cache.bytes).toBe(400);
  cache.prune(NOTHING);
  expect(cache.peek('a')?.version).toBe('1');
});

test('those used longest ago are closed first', () => {
  const cache = new BitmapCache<TestBitmap>(800);
  const bitmaps = ['a', 'b', 'c'].map((key) => {
    const bitmap = new TestBitmap();
    cache.put(key, { bitmap, full: false, version: '1' });
    cache.prune(new Set(['a', key]));
    return bitmap;
  });
  expect(bitmaps.map(({ closed }) => closed)).toEqual([false, true, false]);
  expect(cache.bytes).toBe(800);
});

test('what is in use is kept, however much it is', () => {
  const cache = new BitmapCache<TestBitmap>(100);
  cache.put('a', { bitmap: new TestBitmap(), full: false, version: '1' });
  cache.put('b', { bitmap: new TestBitmap(), full: false, version: '1' });
  cache.prune(new Set(['a', 'b']));
  expect(cache.bytes).toBe(800);
});

test('one of the same name takes the place of the other', () => {
  const cache = new BitmapCache<TestBitmap>(1000);
  const old = new TestBitmap();
  cache.put('a', { bitmap: old, full: false, version: '1' });
  cache.put('a', { bitmap: new TestBitmap(), full: false, version: '2' });
  expect(old.closed).toBe(true);
  expect(cache.peek('a')?.version).toBe('2');
  expect(cache.bytes).toBe(400);
});

test('all are closed at the end', () => {
  const cache = new BitmapCache<TestBitmap>(1000);
  const bitmap = new TestBitmap();
  cache.put('a', { bitmap, full: false, version: '1' });
  cache.clear();
  expect([bitmap.closed, cache.bytes]).toEqual([true, 0]);
});
