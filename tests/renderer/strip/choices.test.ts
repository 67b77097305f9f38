import { expect, it } from 'vitest';
import { progressOf } from '../../../src/renderer/strip/announcements.ts';
import { choicesOf } from '../../../src/renderer/strip/choices.ts';
import { scaleOf, sizesOf, timeOf } from '../../../src/renderer/strip/file-facts.ts';
import { madeUpFile } from '../compare/made-up-file.ts';
import { madeUpEntry } from '../intake/made-up-entry.ts';
import { madeUpBatch } from '../made-up-batch.ts';

it('sorts what is selected by what can be done with it', () => {
  const files = [
    madeUpFile({ id: 1, state: 'queued' }),
    madeUpFile({ id: 2, state: 'queued', paused: true }),
    madeUpFile({ id: 3, state: 'enhancing' }),
    madeUpFile({ id: 4, state: 'done' }),
    madeUpFile({ id: 5, batchId: 8, state: 'failed' }),
    madeUpFile({ id: 6, batchId: 8, state: 'failed' }),
    madeUpFile({ id: 7, batchId: 9, state: 'cancelled' }),
    madeUpFile({ id: 8, batchId: 10, state: 'failed', planKey: null }),
  ];
  const entries = [madeUpEntry(), madeUpEntry({ key: 'entry-2', state: 'failed' })];
  expect(choicesOf(files, entries)).toEqual({
    entries: ['entry-1', 'entry-2'],
    entriesFailed: ['entry-2'],
    queued: [1, 2],
    paused: [2],
    waiting: [1],
    inWork: [3],
    done: [4],
    failedBatches: [8],
    cancelledBatches: [9],
  });
});

it('says sizes before and after, as far as they are known', () => {
  expect(sizesOf(madeUpFile(), 2)).toBe('40×30 → 80×60');
  expect(sizesOf(madeUpFile(), undefined)).toBe('40×30');
  expect(sizesOf(madeUpFile({ facts: null }), 2)).toBeUndefined();
  expect([{ scale: 4 }, { scale: '4' }, null, 'x'].map((recipe) => scaleOf({ recipe }))).toEqual([
    ...[4, undefined, undefined, undefined],
  ]);
});

it('time runs from the start of the work to its end, or until now', () => {
  expect(timeOf({ state: 'enhancing', startedAt: 1000, endedAt: null }, 3500)).toBe(2500);
  expect(timeOf({ state: 'done', startedAt: 1000, endedAt: 2000 }, 9000)).toBe(1000);
  expect(timeOf({ state: 'queued', startedAt: 1000, endedAt: null }, 9000)).toBeUndefined();
  expect(timeOf({ state: 'skipped', startedAt: null, endedAt: 5 }, 9000)).toBeUndefined();
  // The clock on the wall may be set back.
  expect(timeOf({ state: 'enhancing', startedAt: 1000, endedAt: null }, 500)).toBe(0);
});

it('adds up what runs, and what has just ended', () => {
  const batches = [
    madeUpBatch({ id: 1, state: 'done', files: { done: 5 } }),
    madeUpBatch({ id: 2, state: 'running', files: { done: 2, failed: 1, queued: 4 } }),
    madeUpBatch({ id: 3, state: 'partial', files: { done: 3 } }),
  ];
  expect(progressOf(batches, new Set())).toEqual({ done: 3, total: 7, ids: new Set([2]) });
  expect(progressOf(batches, new Set([3]))).toEqual({ done: 6, total: 10, ids: new Set([2, 3]) });
});
