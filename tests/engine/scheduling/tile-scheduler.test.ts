import { describe, expect, it } from 'vitest';
import { TileScheduler } from '../../../src/engine/scheduling/tile-scheduler.ts';
import { finishAll, HeldWorkers, jobOf, schedulerWith } from './simulated-workers.ts';

describe('concurrency', () => {
  it('lowered lets workers finish and gives them no more', async () => {
    const { held, scheduler } = schedulerWith(3);
    const done = scheduler.submit(jobOf('a', 9));
    scheduler.setConcurrency(1);
    await finishAll(held);
    await done;
    expect(scheduler.stats().perWorker.map(({ active, completed }) => [active, completed])).toEqual([
      [true, 7],
      [false, 1],
      [false, 1],
    ]);
  });

  it('lowered leaves nothing behind in the deques of those who were let go', async () => {
    const { held, scheduler } = schedulerWith(2);
    void scheduler.submit(jobOf('a', 6));
    scheduler.setConcurrency(1);
    expect(scheduler.stats().perWorker.map(({ queued }) => queued)).toEqual([4, 0]);
    void scheduler.submit(jobOf('b', 2));
    await finishAll(held);
    expect(held.handed).toEqual(['a:0', 'a:1', 'a:2', 'a:3', 'a:4', 'a:5', 'b:0', 'b:1']);
  });

  it('raised hands out at once', () => {
    const { held, scheduler } = schedulerWith(3);
    scheduler.setConcurrency(1);
    void scheduler.submit(jobOf('a', 9));
    expect(held.handed).toHaveLength(1);
    scheduler.setConcurrency(3);
    expect(held.open.map(({ workerId }) => workerId)).toEqual([0, 1, 2]);
  });

  it.each([
    [0, 2],
    [2, 2],
    [3, 3],
    [9, 4],
  ])('of %d becomes %d within limits of 2 and 4', (asked, given) => {
    const { scheduler } = schedulerWith(6, { minConcurrency: 2, maxConcurrency: 4 });
    expect(scheduler.stats().concurrency).toBe(4);
    scheduler.setConcurrency(asked);
    expect(scheduler.stats().concurrency).toBe(given);
  });
});

describe('arguments', () => {
  const workers = new HeldWorkers(2).workers;

  it.each([
    [{ workers: [] }, 'Expected an integer from 1 for workers.length but received 0.'],
    [{ workers, depth: 0 }, 'Expected an integer from 1 for depth but received 0.'],
    [{ workers, maxConcurrency: 3 }, 'Expected an integer from 1 to 2 for maxConcurrency but received 3.'],
    [
      { workers, minConcurrency: 1.5 },
      'Expected an integer from 1 to 2 for minConcurrency but received 1.5.',
    ],
    [{ workers, interactiveBurst: 0 }, 'Expected an integer from 1 for interactiveBurst but received 0.'],
  ])('are checked: %#', (options, message) => {
    expect(() => new TileScheduler(options)).toThrow(
      expect.objectContaining({ code: 'bad-argument', message }),
    );
  });

  it('refuses a concurrency that is no integer', () => {
    const scheduler = new TileScheduler({ workers });
    expect(() => scheduler.setConcurrency(Number.NaN)).toThrow(
      expect.objectContaining({ code: 'bad-argument' }),
    );
  });

  it('refuses the id of a job that is not over', async () => {
    const { scheduler } = schedulerWith(1);
    void scheduler.submit(jobOf('a', 1));
    await expect(scheduler.submit(jobOf('a', 1))).rejects.toThrow(
      'Expected an id that no unfinished job has but received a.',
    );
  });

  it.each([
    [{ jobId: 'b' }, 'Expected tiles of job a but received one of job b.'],
    [{ index: 0 }, 'Expected a new index for each tile but received 0.'],
    [{ index: Number.NaN }, 'Expected a new index for each tile but received NaN.'],
    [{ x: Number.NaN }, 'Expected a place for tile 1 but received (NaN, 0).'],
    [{ y: Number.POSITIVE_INFINITY }, 'Expected a place for tile 1 but received (1, Infinity).'],
    [{ cost: 0 }, 'Expected a cost above 0 for tile 1 but received 0.'],
    [{ cost: Number.NaN }, 'Expected a cost above 0 for tile 1 but received NaN.'],
  ])('refuses a tile with %j', async (change, message) => {
    const { held, scheduler } = schedulerWith(1);
    const { tiles, ...job } = jobOf('a', 2);
    const changed = tiles.map((tile, index) => (index === 1 ? { ...tile, ...change } : tile));
    await expect(scheduler.submit({ ...job, tiles: changed })).rejects.toMatchObject({
      code: 'bad-argument',
      message,
    });
    expect(held.handed).toEqual([]);
  });
});
