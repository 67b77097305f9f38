import { describe, expect, it } from 'vitest';
import { TileScheduler } from '../../../src/engine/scheduling/tile-scheduler.ts';
import { EnlargerError } from '../../../src/shared/errors.ts';
import { finishAll, jobOf, schedulerWith, settled } from './simulated-workers.ts';

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
