import { describe, expect, it } from 'vitest';
import type { FileEvent } from '../../../src/main/batch/file-event.ts';
import { SlidingRates } from '../../../src/main/metrics/sliding-rates.ts';
import { type RunSummary, WorkWatch } from '../../../src/main/metrics/work-watch.ts';
import type { JobState } from '../../../src/shared/engine-protocol.ts';

const record = (id: number) =>
  ({ id, batchId: 7, facts: { width: 10, height: 10 } }) as unknown as FileEvent['file'];
const started = (id: number): FileEvent => ({ state: 'started', file: record(id) });
const done = (id: number, variant: 'fp32' | 'int8' = 'fp32') =>
  ({ state: 'done', file: record(id), target: '/t', result: { variant } }) as unknown as FileEvent;
const retried = (id: number): FileEvent => ({ state: 'retried', file: record(id), reason: 'died' });

/** A watch on a clock of the test's. */
function watching() {
  const clock = { now: 0 };
  const began: number[] = [];
  const runs: RunSummary[] = [];
  const listeners = {
    onBegan: (id: number) => began.push(id),
    onEnded: (run: RunSummary) => runs.push(run),
  };
  const work = new WorkWatch(listeners, () => clock.now);
  const progress = (jobId: number, tilesDone: number, state: JobState = 'enhancing') =>
    work.progress([{ jobId, state, tilesDone, tilesTotal: 4, pixelsDone: 25 * tilesDone }]);
  return { work, clock, began, runs, progress };
}

describe('work that is watched', () => {
  it('is counted once, and once more where it is done once more', () => {
    const { work, progress } = watching();
    work.began(7);
    work.file(started(1));
    for (const tiles of [1, 3]) progress(1, tiles);
    expect(work.totals).toEqual({ tiles: 3, pixels: 75, files: 0 });
    work.file(retried(1));
    expect([work.filesInWork, work.totals]).toEqual([0, { tiles: 3, pixels: 75, files: 0 }]);
    work.file(started(1));
    for (const tiles of [0, 2, 4]) progress(1, tiles);
    expect(work.filesOf(7)).toEqual([expect.objectContaining({ pixels: 100, pixelsDone: 100 })]);
    work.file(done(1));
    expect(work.totals).toEqual({ tiles: 7, pixels: 175, files: 1 });
    expect(work.filesOf(7)).toEqual([]);
  });

  it('never counts down, also where nobody said that a file begins anew', () => {
    const { work, progress } = watching();
    work.began(7);
    work.file(started(1));
    const seen = [3, 1, 2, 0, 0, 4].map((tiles) => {
      progress(1, tiles);
      return work.totals.tiles;
    });
    expect(seen).toEqual([3, 4, 5, 5, 5, 9]);
    progress(99, 4);
    expect(work.totals.tiles).toBe(9);
  });

  it('beside each other takes its time once', () => {
    const { work, clock, began, runs, progress } = watching();
    work.began(7);
    expect(began).toEqual([7]);
    for (const id of [1, 2]) work.file(started(id));
    progress(1, 0, 'decoding');
    expect(work.batch).toEqual({ batchId: 7, obstacle: false, enhancing: false });
    clock.now = 1_000;
    progress(1, 1);
    clock.now = 2_000;
    progress(2, 1);
    expect(work.batch?.enhancing).toBe(true);
    clock.now = 3_000;
    progress(1, 4, 'encoding');
    clock.now = 4_000;
    progress(2, 4, 'encoding');
    clock.now = 9_000;
    for (const id of [1, 2]) work.file(done(id));
    work.ended(7);
    expect(runs).toEqual([{ batchId: 7, pixels: 200, tiles: 8, seconds: 3, variants: new Set(['fp32']) }]);
    expect(work.batch).toBeUndefined();
  });

  it('of a batch that ends in the middle is over with it', () => {
    const { work, clock, runs, progress } = watching();
    work.began(7);
    work.obstacle(7, 'the disk is full');
    work.obstacle(8, undefined);
    expect(work.batch?.obstacle).toBe(true);
    work.obstacle(7, undefined);
    expect(work.batch?.obstacle).toBe(false);
    work.file(started(1));
    progress(1, 1);
    clock.now = 500;
    work.ended(8);
    work.ended(7);
    work.ended(7);
    expect(runs).toEqual([{ batchId: 7, pixels: 25, tiles: 1, seconds: 0.5, variants: new Set() }]);
    expect(work.filesInWork).toBe(0);
  });
});

describe('rates', () => {
  const totals = (tiles: number) => ({ tiles, pixels: tiles * 1e6, files: tiles });

  it('look back five seconds, and a minute for files', () => {
    const rates = new SlidingRates();
    rates.begin(totals(0), 0);
    // Ten a second for a minute, then none.
    const told = Array.from({ length: 130 }, (_, second) =>
      rates.add(totals(10 * Math.min(60, second + 1)), 1000 * (second + 1)),
    );
    expect(told[0]).toEqual({ tilesPerSecond: 10, megapixelsPerSecond: 10, filesPerMinute: 600 });
    expect(told[59]).toEqual({ tilesPerSecond: 10, megapixelsPerSecond: 10, filesPerMinute: 600 });
    expect(told[61]?.tilesPerSecond).toBeCloseTo(6, 9);
    expect(told[64]).toEqual({ tilesPerSecond: 0, megapixelsPerSecond: 0, filesPerMinute: 550 });
    expect(told[129]).toEqual({ tilesPerSecond: 0, megapixelsPerSecond: 0, filesPerMinute: 0 });
  });

  it('count from where they begin, and are never negative', () => {
    const rates = new SlidingRates();
    rates.begin(totals(0), 0);
    rates.add(totals(100), 1_000);
    rates.begin(totals(100), 600_000);
    expect(rates.add(totals(100), 600_000).tilesPerSecond).toBe(0);
    expect(rates.add(totals(101), 601_000).tilesPerSecond).toBe(1);
    expect(rates.add(totals(0), 602_000).tilesPerSecond).toBe(0);
  });
});
