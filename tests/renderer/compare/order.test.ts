import { expect, test } from 'vitest';
import { neighbour, photosInOrder } from '../../../src/renderer/compare/order.ts';
import type { Entry } from '../../../src/renderer/intake/intake-store.ts';
import { madeUpFile } from './made-up-file.ts';

const entry: Entry = {
  key: 'entry',
  group: 1,
  name: 'new.jpg',
  folder: '',
  kind: 'picture',
  bytes: 1,
  state: 'ready',
  progress: 1,
};
const files = new Map(
  [
    madeUpFile({ id: 5, batchId: 2, position: 1, state: 'done' }),
    madeUpFile({ id: 6, batchId: 2, position: 0 }),
    madeUpFile({ id: 3, batchId: 1, position: 0, state: 'done' }),
  ].map((file) => [file.id, file]),
);
const photos = { shown: [1, 2], files, entries: [entry], filter: 'all' as const };

test('photographs follow each other by batch and position, what is in no batch comes last', () => {
  expect(photosInOrder(photos)).toEqual([3, 6, 5, 'entry']);
});

test('those that the strip leaves out are left out', () => {
  expect(photosInOrder({ ...photos, filter: 'done' })).toEqual([3, 5]);
});

test('there is one before and one after, except at the ends', () => {
  expect(neighbour([3, 6, 5], 6, 1)).toBe(5);
  expect(neighbour([3, 6, 5], 6, -1)).toBe(3);
  expect(neighbour([3, 6, 5], 5, 1)).toBeUndefined();
  expect(neighbour([3, 6, 5], 3, -1)).toBeUndefined();
});

test('whoever is not among them goes to the first', () => {
  expect(neighbour([3, 6], undefined, 1)).toBe(3);
  expect(neighbour([3, 6], 99, -1)).toBe(3);
});
