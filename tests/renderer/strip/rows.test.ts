import { expect, it } from 'vitest';
import { areSameRows, countsOf, photosOf, rowsOf } from '../../../src/renderer/strip/rows.ts';
import type { FileRecord } from '../../../src/shared/jobs.ts';
import { madeUpFile } from '../compare/made-up-file.ts';
import { madeUpEntry } from '../intake/made-up-entry.ts';

const library = (shown: number[], files: FileRecord[]) => ({
  shown,
  files: new Map(files.map((file) => [file.id, file])),
});

const two = library(
  [3, 7],
  [
    madeUpFile({ id: 12, batchId: 7, position: 1, state: 'done' }),
    madeUpFile({ id: 11, batchId: 7, position: 0, state: 'failed' }),
    madeUpFile({ id: 5, batchId: 3, position: 0, state: 'enhancing' }),
  ],
);
const entries = [madeUpEntry(), madeUpEntry({ key: 'entry-2', state: 'refused' })];

it('lists batches in their order, files by position, then what is in no batch', () => {
  expect(rowsOf(two, entries, 'all').map(({ key }) => key)).toEqual([
    ...['batch-3', 5, 'batch-7', 11, 12],
    ...['added', 'entry-1', 'entry-2'],
  ]);
});

it('narrows to a kind, with the headings of what is left', () => {
  expect(rowsOf(two, entries, 'failed').map(({ key }) => key)).toEqual([
    ...['batch-7', 11, 'added', 'entry-2'],
  ]);
  expect(rowsOf(two, entries, 'skipped')).toEqual([]);
});

it('a batch without files keeps its heading', () => {
  expect(rowsOf(library([4], []), [], 'all')).toEqual([{ kind: 'batch', key: 'batch-4', batchId: 4 }]);
});

it('counts each photograph once, and once in all', () => {
  expect(countsOf(two.files.values(), entries)).toEqual({
    ...{ all: 5, waiting: 1, working: 1, done: 1, failed: 2, skipped: 0 },
  });
});

it('photographs are what can be looked at', () => {
  expect(photosOf(rowsOf(two, entries, 'all'))).toEqual([5, 11, 12, 'entry-1', 'entry-2']);
});

it('tells when the lines are the same', () => {
  const rows = rowsOf(two, entries, 'all');
  expect(areSameRows(rows, rowsOf(two, entries, 'all'))).toBe(true);
  expect(areSameRows(rows, rowsOf(two, [], 'all'))).toBe(false);
});
