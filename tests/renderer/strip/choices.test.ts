import { expect, it } from 'vitest';
import { progressOf } from '../../../src/renderer/strip/announcements.ts';
import { choicesOf } from '../../../src/renderer/strip/choices.ts';
import { doingOf, scaleOf, sizesOf, timeOf } from '../../../src/renderer/strip/file-facts.ts';
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
    failed: [5, 6],
    cancelled: [7],
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

it('a result took what its stages took together', () => {
  const { result } = madeUpFile({ state: 'done' });
  expect(timeOf({ result: null })).toBeUndefined();
  if (result)
    expect(timeOf({ result: { ...result, timings: { decode: 20, enhance: 300, encode: 5 } } })).toBe(325);
});

it('what the engine has taken and not begun is next', () => {
  const waiting = { state: 'queued', paused: false } as const;
  const taken = { state: 'decoding', paused: false } as const;
  expect([
    doingOf(waiting, undefined),
    doingOf({ ...waiting, paused: true }, undefined),
    doingOf(taken, undefined),
    doingOf(taken, { state: 'decoding', tilesDone: 0 }),
    doingOf(taken, { state: 'enhancing', tilesDone: 0 }),
    doingOf(taken, { state: 'enhancing', tilesDone: 1 }),
    doingOf({ state: 'done', paused: false }, undefined),
  ]).toEqual(['queued', 'paused', 'next', 'decoding', 'next', 'enhancing', 'done']);
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
