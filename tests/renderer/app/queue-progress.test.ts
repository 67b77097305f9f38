import { describe, expect, it } from 'vitest';
import { queueProgress, roughTime, secondsLeft, spellOf } from '../../../src/renderer/app/queue-progress.ts';
import type { BatchRecord } from '../../../src/shared/jobs.ts';
import { madeUpBatch } from '../made-up-batch.ts';

const byId = (...batches: BatchRecord[]) => new Map(batches.map((batch) => [batch.id, batch]));
const recipe = { model: 'photo-x2', scale: 2 };

describe('spellOf', () => {
  it('takes in what waits, runs, or is paused where it can be seen', () => {
    const batches = byId(
      madeUpBatch({ id: 1, state: 'done' }),
      madeUpBatch({ id: 2, state: 'paused' }),
      madeUpBatch({ id: 3, state: 'paused' }),
      madeUpBatch({ id: 4, state: 'running' }),
      madeUpBatch({ id: 5, state: 'queued' }),
    );
    expect(spellOf([], batches, [3, 4, 5])).toEqual([3, 4, 5]);
  });

  it('keeps what ended while others go on, and forgets everything once nothing does', () => {
    const first = spellOf([], byId(madeUpBatch({ id: 1, state: 'running' }), madeUpBatch({ id: 2 })), []);
    const ended = madeUpBatch({ id: 1, state: 'done' });
    expect(spellOf(first, byId(ended, madeUpBatch({ id: 2, state: 'running' })), [])).toEqual([1, 2]);
    expect(spellOf(first, byId(ended, madeUpBatch({ id: 2, state: 'partial' })), [])).toEqual([]);
  });

  it('forgets what was cleared', () => {
    expect(spellOf([1, 2], byId(madeUpBatch({ id: 2, state: 'running' })), [])).toEqual([2]);
  });
});

describe('queueProgress', () => {
  it('adds up batches, and what is in work', () => {
    const batches = [
      madeUpBatch({ id: 1, state: 'done', files: { done: 3, failed: 1 }, pixelsTotal: 400, pixelsDone: 300 }),
      madeUpBatch({
        id: 2,
        state: 'running',
        files: { done: 1, enhancing: 1, queued: 4 },
        pixelsTotal: 600,
        pixelsDone: 100,
      }),
    ];
    expect(queueProgress(batches, 50)).toEqual({
      state: 'working',
      ended: 5,
      total: 10,
      failed: 1,
      share: 0.45,
      active: [2],
      paused: [],
    });
  });

  it('is paused when nothing goes on, and idle when nothing could', () => {
    const paused = madeUpBatch({ id: 7, state: 'paused', files: { queued: 2, done: 2 } });
    expect(queueProgress([paused], 0)).toMatchObject({
      state: 'paused',
      share: 0.5,
      active: [],
      paused: [7],
    });
    expect(queueProgress([madeUpBatch({ state: 'done' })], 0).state).toBe('idle');
    expect(queueProgress([], 0).state).toBe('idle');
  });
});

describe('secondsLeft', () => {
  const running = madeUpBatch({ id: 1, state: 'running', recipe, pixelsTotal: 100, pixelsDone: 40 });

  it('is what main says of a batch that is alone', () => {
    expect(secondsLeft([running], [{ batchId: 1, seconds: 30 }], 0)).toBe(30);
    expect(secondsLeft([running], [{ batchId: 1, seconds: null }], 0)).toBeNull();
    expect(secondsLeft([running], [], 0)).toBeNull();
  });

  it('takes what waits to go at the pace of what runs', () => {
    const waiting = madeUpBatch({ id: 2, recipe, pixelsTotal: 100 });
    // 50 pixels take 30 s, so 100 more take 60 s.
    expect(secondsLeft([running, waiting], [{ batchId: 1, seconds: 30 }], 10)).toBe(90);
  });

  it('does not guess the pace of another model', () => {
    const other = madeUpBatch({
      id: 2,
      recipe: { model: 'photo-x4', scale: 4 },
      pixelsTotal: 100,
    });
    expect(secondsLeft([running, other], [{ batchId: 1, seconds: 30 }], 0)).toBeNull();
  });
});

it.each([
  [0, 'moment', 0],
  [4, 'moment', 0],
  [6, 'seconds', 10],
  [41, 'seconds', 50],
  [55, 'minutes', 1],
  [119, 'minutes', 2],
  [27 * 60, 'minutes', 25],
  [100 * 60, 'hours', 1.5],
] as const)('says of %d seconds what anybody needs to know', (seconds, unit, count) => {
  expect(roughTime(seconds)).toEqual({ unit, count });
});
