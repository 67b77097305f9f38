import { describe, expect, it } from 'vitest';
import { TileScheduler } from '../../../src/engine/scheduling/tile-scheduler.ts';
import { jobOf, SimulatedWorker, VirtualClock } from './simulated-workers.ts';

const WORKERS = 4;

async function simulate(durations: readonly number[], depth: number) {
  const clock = new VirtualClock();
  const workers = Array.from({ length: WORKERS }, (_, id) => new SimulatedWorker(id, clock));
  const scheduler = new TileScheduler({ workers, depth });
  const done = scheduler.submit(jobOf('a', durations));
  await clock.run();
  await done;
  const total = durations.reduce((sum, duration) => sum + duration, 0);
  return { makespan: clock.now, ideal: total / WORKERS, stats: scheduler.stats() };
}

/** Costs say that all tiles are alike, so they are dealt in turn; in truth, every fourth takes eight times as long. */
const skewed = Array.from({ length: 128 }, (_, index) => (index % WORKERS === 0 ? 8 : 1));

describe('stealing', () => {
  it.each([1, 2])('evens out a skew that the costs did not tell, at depth %d', async (depth) => {
    const { makespan, ideal, stats } = await simulate(skewed, depth);
    // Without stealing, the first worker would have all the long tiles.
    expect(ideal).toBe(88);
    expect(makespan).toBeLessThanOrEqual(1.1 * ideal);
    expect(stats.completed).toBe(skewed.length);
    expect(stats.steals).toBeGreaterThan(20);
  });

  it.each([1, 2])('is not needed when costs tell the truth, at depth %d', async (depth) => {
    const { makespan, ideal, stats } = await simulate(
      Array.from({ length: 64 }, () => 3),
      depth,
    );
    expect([makespan, stats.steals]).toEqual([ideal, 0]);
  });

  it('takes from the deque with most left', async () => {
    const clock = new VirtualClock();
    const workers = Array.from({ length: 3 }, (_, id) => new SimulatedWorker(id, clock));
    const scheduler = new TileScheduler({ workers, depth: 1 });
    const job = jobOf('a', [10, 10, 1, 1, 1, 1, 1, 1]);
    // Dealt by cost: 0, 4, 5 and 6 to the first worker, 1, 3 and 7 to the second, 2 to the third.
    const costs = [2, 1, 6, 3, 1, 1, 3, 1];
    const tiles = job.tiles.map((tile, index) => ({ ...tile, cost: costs[index] ?? 1 }));
    const done = scheduler.submit({ ...job, tiles });
    expect(scheduler.stats().perWorker.map(({ queued }) => queued)).toEqual([3, 2, 0]);
    await clock.run();
    await done;
    // The first two are busy with their first tile throughout. The costs in their deques, as the third steals:
    // 1 + 1 + 3 and 3 + 1, then 1 + 3 and 3 + 1, then 3 and 3 + 1, then 3 and 1, then 0 and 1.
    expect(workers[2]?.ran.map(({ index }) => index)).toEqual([2, 4, 5, 3, 6, 7]);
  });
});
