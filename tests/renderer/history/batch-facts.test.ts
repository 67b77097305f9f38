import { expect, it } from 'vitest';
import {
  countsOf,
  hasEnded,
  isKept,
  keptResults,
  modelOf,
  scaleOf,
} from '../../../src/renderer/history/batch-facts.ts';
import { madeUpBatch } from '../made-up-batch.ts';

const made = { model: 'photo-x4', scale: 4 };

it('reads how a batch was made', () => {
  const batch = madeUpBatch({ recipe: { ...made, kept: true, uploads: [] } });
  expect([scaleOf(batch), modelOf(batch), isKept(batch)]).toEqual([4, 'photo-x4', true]);
  expect(isKept(madeUpBatch({ recipe: { ...made } }))).toBe(false);
});

it('makes nothing of a recipe that it does not know', () => {
  const batch = madeUpBatch({ recipe: 'as before' });
  expect([scaleOf(batch), modelOf(batch), isKept(batch)]).toEqual([undefined, undefined, false]);
});

it('tells the numbers that there are, what is in work as one', () => {
  const batch = madeUpBatch({ files: { queued: 3, decoding: 1, enhancing: 2, done: 5, skipped: 1 } });
  expect(countsOf(batch)).toEqual([
    { kind: 'done', count: 5 },
    { kind: 'working', count: 3 },
    { kind: 'waiting', count: 3 },
    { kind: 'skipped', count: 1 },
  ]);
});

it('knows which batches have ended', () => {
  const states = ['queued', 'running', 'paused', 'partial', 'done', 'cancelled'] as const;
  expect(states.filter((state) => hasEnded({ state }))).toEqual(['partial', 'done', 'cancelled']);
});

it('counts the results that are nowhere else', () => {
  const kept = madeUpBatch({ recipe: { ...made, kept: true }, files: { done: 4, failed: 1 } });
  const saved = madeUpBatch({ recipe: { ...made, kept: false }, files: { done: 7 } });
  expect(keptResults([kept, saved])).toBe(4);
});
