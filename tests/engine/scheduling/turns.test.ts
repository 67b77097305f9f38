import { describe, expect, it } from 'vitest';
import { finishAll, jobOf, schedulerWith, settled } from './simulated-workers.ts';

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
