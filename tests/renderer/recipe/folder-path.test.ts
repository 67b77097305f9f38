import { expect, it } from 'vitest';
import { folderIn, stepsTo } from '../../../src/renderer/recipe/folder-path.ts';

it('names every folder on the way', () => {
  expect(stepsTo('')).toEqual([]);
  expect(stepsTo('trip/day 1')).toEqual([
    { name: 'trip', path: 'trip' },
    { name: 'day 1', path: 'trip/day 1' },
  ]);
});

it.each([
  ['', '', ''],
  ['trip', '  ', 'trip'],
  ['', 'large', 'large'],
  ['trip', ' large ', 'trip/large'],
  ['trip', '..', undefined],
  ['trip', '.', undefined],
  ['trip', 'a/b', undefined],
  ['trip', 'a\\b', undefined],
])('puts into %j the folder %j: %j', (path, name, expected) => {
  expect(folderIn(path, name)).toBe(expected);
});
