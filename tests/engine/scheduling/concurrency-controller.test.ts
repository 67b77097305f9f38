import { describe, expect, it } from 'vitest';
import {
  type ConcurrencyLimits,
  type ConcurrencySample,
  type ConcurrencyState,
  nextConcurrency,
} from '../../../src/engine/scheduling/concurrency-controller.ts';

const limits: ConcurrencyLimits = { min: 1, max: 8, coolDownMs: 5_000, retryMs: 60_000 };
const busy: ConcurrencySample = { atMs: 10_000, memoryPressure: 0.2, queueDepth: 50, tilesPerSecond: 10 };
const at = (concurrency: number, more: Partial<ConcurrencyState> = {}): ConcurrencyState => ({
  concurrency,
  changedAtMs: 0,
  ...more,
});

describe('nextConcurrency', () => {
  it.each<[string, ConcurrencyState, Partial<ConcurrencySample>, number]>([
    ['climbs while work waits', at(2), {}, 3],
    ['stays at the maximum', at(8), {}, 8],
    ['stays when nothing waits', at(2), { queueDepth: 0 }, 2],
    ['stays when memory is getting short', at(2), { memoryPressure: 0.75 }, 2],
    ['steps down when memory is short', at(4), { memoryPressure: 0.9 }, 3],
    ['stays at the minimum when memory is short', at(1), { memoryPressure: 1.2 }, 1],
    ['stays during the cool-down', at(2, { changedAtMs: 5_001 }), {}, 2],
    ['moves when the cool-down is over', at(2, { changedAtMs: 5_000 }), {}, 3],
    [
      'does not wait for the cool-down when memory is short',
      at(4, { changedAtMs: 9_999 }),
      { memoryPressure: 0.95 },
      3,
    ],
    ['goes on when the last step paid', at(3, { baseline: 9 }), {}, 4],
    ['steps back when the last step did not pay', at(3, { baseline: 9.8 }), {}, 2],
    ['does not judge a step while nothing waits', at(3, { baseline: 100 }), { queueDepth: 0 }, 3],
    ['does not judge a step during the cool-down', at(3, { baseline: 100, changedAtMs: 6_000 }), {}, 3],
    ['does not try again what was rejected', at(2, { rejected: { concurrency: 3, untilMs: 10_001 } }), {}, 2],
    ['does not try more than was rejected', at(3, { rejected: { concurrency: 3, untilMs: 10_001 } }), {}, 3],
    ['tries less than was rejected', at(2, { rejected: { concurrency: 4, untilMs: 10_001 } }), {}, 3],
    ['tries again after a while', at(2, { rejected: { concurrency: 3, untilMs: 10_000 } }), {}, 3],
  ])('%s', (_name, state, sample, concurrency) => {
    expect(nextConcurrency(state, { ...busy, ...sample }, limits).concurrency).toBe(concurrency);
  });

  it('remembers the throughput before a step up', () => {
    expect(nextConcurrency(at(2), busy, limits)).toEqual({
      concurrency: 3,
      changedAtMs: 10_000,
      baseline: 10,
    });
  });

  it('remembers what did not pay', () => {
    expect(nextConcurrency(at(3, { baseline: 10 }), busy, limits)).toEqual({
      concurrency: 2,
      changedAtMs: 10_000,
      rejected: { concurrency: 3, untilMs: 70_000 },
    });
  });

  it('keeps a step that paid, and forgets what it was compared with', () => {
    const state = nextConcurrency(at(8, { baseline: 5 }), busy, limits);
    expect(state).toEqual({ concurrency: 8, changedAtMs: 0, baseline: undefined });
    // A worse second later is no reason to take it back.
    expect(nextConcurrency(state, { ...busy, tilesPerSecond: 1 }, limits).concurrency).toBe(8);
  });

  it.each([
    ['two cores', 2],
    ['six cores', 6],
  ])('finds the knee of a machine with %s, and leaves it only to look again', (_name, cores) => {
    let state = at(1);
    const path: number[] = [];
    for (let atMs = 1_000; atMs <= 120_000; atMs += 1_000) {
      const tilesPerSecond = 10 * Math.min(state.concurrency, cores);
      state = nextConcurrency(state, { ...busy, atMs, tilesPerSecond }, { min: 1, max: 8 });
      path.push(state.concurrency);
    }
    expect(Math.max(...path)).toBe(cores + 1);
    const afterClimb = path.slice(path.indexOf(cores + 1));
    expect(
      afterClimb.filter((concurrency) => concurrency === cores).length / afterClimb.length,
    ).toBeGreaterThan(0.85);
    expect(afterClimb.filter((concurrency) => concurrency < cores)).toEqual([]);
  });

  it('goes down sample by sample under memory pressure, to the minimum, and comes back late', () => {
    let state = at(5);
    const path = [0.95, 0.95, 0.95, 0.95, 0.5, 0.5].map((memoryPressure, index) => {
      state = nextConcurrency(
        state,
        { ...busy, atMs: 10_000 + index * 10_000, memoryPressure },
        { ...limits, min: 2 },
      );
      return state.concurrency;
    });
    expect(path).toEqual([4, 3, 2, 2, 2, 2]);
    expect(nextConcurrency(state, { ...busy, atMs: 90_000 }, limits).concurrency).toBe(3);
  });
});
