import { describe, expect, it } from 'vitest';
import { TileScheduler } from '../../../src/engine/scheduling/tile-scheduler.ts';
import { EnlargerError } from '../../../src/shared/errors.ts';
import { HeldWorkers, jobOf, settled } from './simulated-workers.ts';

function schedulerWith(
  count: number,
  options: {
    depth?: number;
    minConcurrency?: number;
    maxConcurrency?: number;
    interactiveBurst?: number;
  } = {},
) {
  const held = new HeldWorkers(count);
  const scheduler = new TileScheduler({ workers: held.workers, depth: 1, ...options });
  return { held, scheduler };
}

/** Finishes the oldest open tile until none is left. */
async function finishAll(held: HeldWorkers): Promise<void> {
  for (; held.open.length > 0; await settled()) held.finish();
}

describe('handing out', () => {
  it('happens within submit, to each worker before any gets a second tile', () => {
    const { held, scheduler } = schedulerWith(2, { depth: 2 });
    void scheduler.submit(jobOf('a', 9));
    expect(held.open.map(({ tile, workerId }) => [tile.index, workerId])).toEqual([
      [0, 0],
      [1, 1],
      [2, 0],
      [3, 1],
    ]);
    expect(scheduler.stats()).toMatchObject({ queued: 5, running: 4, completed: 0, concurrency: 2 });
  });

  it('keeps the last tiles out of inboxes, for whoever is free first', async () => {
    const { held, scheduler } = schedulerWith(2, { depth: 2 });
    void scheduler.submit(jobOf('a', 4));
    expect(held.handed).toEqual(['a:0', 'a:1']);
    held.finish('a:1');
    await settled();
    held.finish('a:3');
    await settled();
    expect(held.open.map(({ tile, workerId }) => [tile.index, workerId])).toEqual([
      [0, 0],
      [2, 1],
    ]);
  });

  it('reports each tile with its worker, and resolves after the last', async () => {
    const { held, scheduler } = schedulerWith(2);
    const reports: [number, number][] = [];
    let done = false;
    const job = jobOf('a', 3, { onTile: (tile, workerId) => reports.push([tile.index, workerId]) });
    const submitted = scheduler.submit(job).then(() => {
      done = true;
    });
    held.finish('a:1');
    await settled();
    held.finish('a:2');
    await settled();
    expect([reports, done]).toEqual([
      [
        [1, 1],
        [2, 1],
      ],
      false,
    ]);
    held.finish('a:0');
    await submitted;
    expect(reports).toEqual([
      [1, 1],
      [2, 1],
      [0, 0],
    ]);
    expect(scheduler.stats()).toEqual({
      queued: 0,
      running: 0,
      completed: 3,
      steals: 1,
      concurrency: 2,
      perWorker: [
        { id: 0, active: true, queued: 0, running: 0, completed: 1, steals: 0 },
        { id: 1, active: true, queued: 0, running: 0, completed: 2, steals: 1 },
      ],
    });
  });

  it('gives a worker its next tile before listeners hear of the last', async () => {
    const { held, scheduler } = schedulerWith(1);
    const handedAtReport: number[] = [];
    const submitted = scheduler.submit(
      jobOf('a', 2, { onTile: () => handedAtReport.push(held.handed.length) }),
    );
    held.finish();
    await settled();
    held.finish();
    await submitted;
    expect(handedAtReport).toEqual([2, 2]);
  });

  it('resolves at once for a job without tiles', async () => {
    const { scheduler } = schedulerWith(1);
    await scheduler.submit(jobOf('a', 0));
    await scheduler.submit(jobOf('a', 0));
  });

  it('runs jobs of a lane in the order of their submission', async () => {
    const { held, scheduler } = schedulerWith(1);
    void scheduler.submit(jobOf('a', 2));
    void scheduler.submit(jobOf('b', 2));
    await finishAll(held);
    expect(held.handed).toEqual(['a:0', 'a:1', 'b:0', 'b:1']);
  });
});

describe('lanes', () => {
  it('put interactive tiles before batch tiles, on every worker', async () => {
    const { held, scheduler } = schedulerWith(2);
    void scheduler.submit(jobOf('batch', 6));
    void scheduler.submit(jobOf('live', 3, { lane: 'interactive' }));
    // Both of the second worker's turns, though it was dealt one interactive tile of the three.
    held.finish('batch:1');
    await settled();
    held.finish('live:1');
    await settled();
    expect(held.handed).toEqual(['batch:0', 'batch:1', 'live:1', 'live:0']);
    expect(scheduler.stats().steals).toBe(1);
  });

  it('let a batch tile through after a burst of interactive ones', async () => {
    const { held, scheduler } = schedulerWith(1, { interactiveBurst: 2 });
    void scheduler.submit(jobOf('first', 1));
    void scheduler.submit(jobOf('live', 6, { lane: 'interactive' }));
    void scheduler.submit(jobOf('batch', 2));
    await finishAll(held);
    const shortly = held.handed.slice(1).map((name) => name.replace(/:.*/, ''));
    expect(shortly).toEqual(['live', 'live', 'batch', 'live', 'live', 'batch', 'live', 'live']);
  });

  it('never starve batch work, however much interactive work comes', async () => {
    const { held, scheduler } = schedulerWith(1);
    void scheduler.submit(jobOf('live0', 2, { lane: 'interactive' }));
    void scheduler.submit(jobOf('batch', 4));
    for (let count = 1; count <= 40; count += 1) {
      void scheduler.submit(jobOf(`live${count}`, 1, { lane: 'interactive' }));
      held.finish();
      await settled();
    }
    const turns = held.handed.flatMap((name, turn) => (name.startsWith('batch') ? [turn] : []));
    // The first tile was handed out before there was any batch work.
    expect(turns).toEqual([8, 16, 24, 32]);
  });
});

describe('focus', () => {
  it('brings the tiles near it first, then scan order', async () => {
    const { held, scheduler } = schedulerWith(1);
    void scheduler.submit(jobOf('a', 6, { focus: { x: 3, y: 0 } }));
    await finishAll(held);
    expect(held.handed).toEqual(['a:3', 'a:2', 'a:4', 'a:1', 'a:5', 'a:0']);
  });

  it('may move while tiles are queued, on all workers, and be taken away', async () => {
    const { held, scheduler } = schedulerWith(2);
    void scheduler.submit(jobOf('a', 10));
    scheduler.setFocus('a', { x: 8, y: 0 });
    held.finish('a:0');
    held.finish('a:1');
    await settled();
    expect(held.handed.slice(2)).toEqual(['a:8', 'a:7']);
    scheduler.setFocus('a', undefined);
    await finishAll(held);
    expect(held.handed.slice(4)).toEqual(['a:2', 'a:3', 'a:4', 'a:5', 'a:6', 'a:9']);
  });

  it('brings a job before older ones of its lane', async () => {
    const { held, scheduler } = schedulerWith(1);
    void scheduler.submit(jobOf('a', 3));
    void scheduler.submit(jobOf('b', 3));
    scheduler.setFocus('b', { x: 2, y: 0 });
    await finishAll(held);
    expect(held.handed).toEqual(['a:0', 'b:2', 'b:1', 'b:0', 'a:1', 'a:2']);
  });

  it('of a job that is over or unknown is ignored', () => {
    const { held, scheduler } = schedulerWith(1);
    scheduler.setFocus('gone', { x: 0, y: 0 });
    expect(held.handed).toEqual([]);
  });
});

describe('failure', () => {
  it('ends one job, when its tiles are back, and no other', async () => {
    const { held, scheduler } = schedulerWith(2);
    const error = new EnlargerError('out-of-memory', 'The tile does not fit.');
    const reports: number[] = [];
    const failing = scheduler.submit(jobOf('a', 6, { onTile: (tile) => reports.push(tile.index) }));
    const other = scheduler.submit(jobOf('b', 2));
    let rejected = false;
    failing.catch(() => {
      rejected = true;
    });
    held.fail(error, 'a:1');
    await settled();
    expect([rejected, held.handed]).toEqual([false, ['a:0', 'a:1', 'b:1']]);
    expect(scheduler.stats().queued).toBe(1);
    held.fail(new Error('a second one'), 'a:0');
    await expect(failing).rejects.toBe(error);
    await finishAll(held);
    await other;
    expect(reports).toEqual([]);
    expect(held.handed).toEqual(['a:0', 'a:1', 'b:1', 'b:0']);
  });

  it('types what a worker threw, also before it returned a promise', async () => {
    const worker = {
      id: 0,
      run: (): Promise<void> => {
        throw new Error('no session');
      },
    };
    const scheduler = new TileScheduler<number>({ workers: [worker] });
    const error = { code: 'inference-failed', message: 'no session' };
    await expect(scheduler.submit(jobOf('a', 3))).rejects.toMatchObject(error);
  });

  it('is also what a listener throws', async () => {
    const { held, scheduler } = schedulerWith(1);
    const listener = () => {
      throw new Error('no preview');
    };
    const failing = scheduler.submit(jobOf('a', 3, { onTile: listener }));
    failing.catch(() => undefined);
    await finishAll(held);
    await expect(failing).rejects.toMatchObject({ code: 'internal', message: 'no preview' });
    expect(held.handed).toEqual(['a:0', 'a:1']);
  });
});

describe('cancellation', () => {
  it('is acknowledged at once and cleaned up when the tiles are back', async () => {
    const { held, scheduler } = schedulerWith(2, { depth: 2 });
    const abort = new AbortController();
    const reports: number[] = [];
    const cancelled = scheduler.submit(
      jobOf('a', 9, { signal: abort.signal, onTile: (tile) => reports.push(tile.index) }),
    );
    const other = scheduler.submit(jobOf('b', 3));
    let rejected = false;
    cancelled.catch(() => {
      rejected = true;
    });
    abort.abort();
    expect(scheduler.stats()).toMatchObject({ queued: 3, running: 4 });
    for (const name of ['a:0', 'a:1', 'a:2']) held.finish(name);
    await settled();
    expect(rejected).toBe(false);
    held.finish('a:3');
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    await finishAll(held);
    await other;
    expect(held.handed.slice(0, 4)).toEqual(['a:0', 'a:1', 'a:2', 'a:3']);
    expect(held.handed.slice(4).toSorted()).toEqual(['b:0', 'b:1', 'b:2']);
    expect(reports).toEqual([]);
  });

  it('refuses a job that is cancelled already', async () => {
    const { held, scheduler } = schedulerWith(1);
    const reason = new EnlargerError('cancelled', 'The batch was cancelled.');
    await expect(scheduler.submit(jobOf('a', 3, { signal: AbortSignal.abort(reason) }))).rejects.toBe(reason);
    expect(held.handed).toEqual([]);
  });

  it('refuses one at once also while all workers are busy', async () => {
    const { scheduler } = schedulerWith(1);
    void scheduler.submit(jobOf('busy', 3));
    await expect(scheduler.submit(jobOf('a', 3, { signal: AbortSignal.abort() }))).rejects.toMatchObject({
      code: 'cancelled',
    });
  });

  it('of a job that is over does not touch a new one of the same id', async () => {
    const { held, scheduler } = schedulerWith(2);
    const abort = new AbortController();
    let again = Promise.resolve();
    void scheduler.submit(jobOf('a', 1, { signal: abort.signal }));
    // b's tile comes back when job a is over, but before a's listener is gone.
    const onTile = () => {
      again = scheduler.submit(jobOf('a', 1));
      abort.abort();
    };
    const other = scheduler.submit(jobOf('b', 1, { onTile }));
    held.finish('a:0');
    held.finish('b:0');
    await other;
    await expect(scheduler.submit(jobOf('a', 1))).rejects.toMatchObject({ code: 'bad-argument' });
    held.finish('a:0');
    await again;
  });

  it('comes too late for a job that is over', async () => {
    const { held, scheduler } = schedulerWith(1);
    const abort = new AbortController();
    const done = scheduler.submit(
      jobOf('a', 1, { signal: abort.signal, onTile: () => queueMicrotask(() => abort.abort()) }),
    );
    held.finish();
    await done;
    expect(abort.signal.aborted).toBe(true);
    await scheduler.stop();
  });

  it('by the listener of the last tile counts', async () => {
    const { held, scheduler } = schedulerWith(1);
    const abort = new AbortController();
    const done = scheduler.submit(jobOf('a', 1, { signal: abort.signal, onTile: () => abort.abort() }));
    held.finish();
    await expect(done).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('starts no tile of a job whose own abort event has yet to come', async () => {
    const { held, scheduler } = schedulerWith(2, { maxConcurrency: 2 });
    scheduler.setConcurrency(1);
    const abort = new AbortController();
    const { signal } = abort;
    // This listener comes before the job's, and wants more tiles to run.
    signal.addEventListener('abort', () => scheduler.setConcurrency(2));
    const cancelled = scheduler.submit(jobOf('a', 3, { signal }));
    void scheduler.submit(jobOf('b', 1));
    abort.abort();
    expect(held.handed).toEqual(['a:0', 'b:0']);
    held.finish();
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
  });
});

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

describe('stop', () => {
  it('ends all jobs and resolves when the workers are free', async () => {
    const { held, scheduler } = schedulerWith(2);
    await scheduler.submit(jobOf('before', 0));
    const jobs = [scheduler.submit(jobOf('a', 5)), scheduler.submit(jobOf('b', 5, { lane: 'interactive' }))];
    const outcomes = Promise.allSettled(jobs);
    let stopped = false;
    const stopping = scheduler.stop().then(() => {
      stopped = true;
    });
    held.finish();
    await settled();
    expect([stopped, held.handed]).toEqual([false, ['a:0', 'a:1']]);
    held.finish();
    await stopping;
    await scheduler.stop(new EnlargerError('cancelled', 'Too late to be the reason.'));
    expect(await outcomes).toMatchObject([{ reason: { code: 'stopped' } }, { reason: { code: 'stopped' } }]);
    await expect(scheduler.submit(jobOf('c', 1))).rejects.toMatchObject({ code: 'stopped' });
    expect(scheduler.stats()).toMatchObject({ queued: 0, running: 0, completed: 2 });
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
