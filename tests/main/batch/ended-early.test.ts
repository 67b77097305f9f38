import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { BatchRunner } from '../../../src/main/batch/batch-runner.ts';
import type { JobProgress } from '../../../src/shared/engine-protocol.ts';
import { writePicture } from '../../support/pictures.ts';
import {
  endings,
  filesIn,
  journaled,
  openWorkshop,
  pictures,
  queue,
  type Watching,
  work,
} from './batch-run.ts';

const LARGE = { width: 400, height: 300 };

/** `a.jpg`, small, and others that take their time. */
async function longBatch(...others: string[]): Promise<string> {
  const root = await pictures('a.jpg');
  for (const name of others) await writePicture(join(root, 'in', name), LARGE);
  return root;
}

/** Whether a file has tiles that are done: it is in the middle. */
const isInside = (jobs: readonly JobProgress[], fileId: number) =>
  jobs.some(({ jobId, tilesDone }) => jobId === fileId && tilesDone > 0);

/** Calls `end` when `a.jpg` is done and another file is in the middle. */
function inTheMiddle(end: (runner: BatchRunner) => void): Watching {
  let first: number | undefined;
  return {
    onFile: ({ state, file }) => {
      if (state === 'done') first ??= file.id;
    },
    onProgress: (jobs, runner) => {
      if (first !== undefined && jobs.some(({ jobId }) => jobId !== first && isInside(jobs, jobId)))
        end(runner);
    },
  };
}

describe('a batch that is paused', () => {
  it('before anything has begun does nothing', async () => {
    const root = await pictures('a.jpg', 'b.jpg');
    const workshop = await openWorkshop();
    const batchId = await queue(root, workshop);
    const { state, events } = await work(workshop, batchId, {
      onFile: (_, runner) => runner.pause('stopped by a test'),
    });
    expect(state).toBe('paused');
    expect(endings(events).map(([, state]) => state)).not.toContain('done');
    expect(await journaled(workshop, batchId)).toEqual({ 'a.jpg': 'queued', 'b.jpg': 'queued' });
    expect(await filesIn(join(root, 'out'))).toEqual([]);
  });

  it('in the middle keeps what is done, queues what was in work, and is gone on with', async () => {
    const root = await longBatch('b.jpg', 'c.jpg', 'd.jpg');
    const workshop = await openWorkshop();
    const { jobs } = workshop;
    const batchId = await queue(root, workshop);
    const { state, events } = await work(
      workshop,
      batchId,
      inTheMiddle((runner) => runner.pause('stopped by a test')),
    );
    expect(state).toBe('paused');
    expect(events.filter(({ state }) => state === 'failed')).toEqual([]);
    expect(await jobs.batch(batchId)).toMatchObject({ state: 'paused', reason: 'stopped by a test' });
    expect(await journaled(workshop, batchId)).toEqual({
      ...{ 'a.jpg': 'done', 'b.jpg': 'queued', 'c.jpg': 'queued', 'd.jpg': 'queued' },
    });
    expect(await filesIn(join(root, 'out'))).toEqual(['a-x2.jpg']);
    const rest = await work(workshop, batchId);
    expect([rest.state, endings(rest.events)]).toEqual([
      'done',
      ['b.jpg', 'c.jpg', 'd.jpg'].map((name) => [name, 'done']),
    ]);
    expect(await filesIn(join(root, 'out'))).toEqual(['a-x2.jpg', 'b-x2.jpg', 'c-x2.jpg', 'd-x2.jpg']);
  });

  it('in the journal, by whoever it is, takes no more files', async () => {
    const root = await longBatch('b.jpg', 'c.jpg', 'd.jpg');
    const workshop = await openWorkshop();
    const { jobs } = workshop;
    const batchId = await queue(root, workshop);
    const { state, events } = await work(workshop, batchId, {
      inFlight: 1,
      onFile: ({ state }) => {
        if (state === 'started') void jobs.setBatchState(batchId, 'paused', 'by another window');
      },
    });
    expect([state, endings(events)]).toEqual(['paused', [['a.jpg', 'done']]]);
    expect(await jobs.batch(batchId)).toMatchObject({ state: 'paused', reason: 'by another window' });
  });
});

describe('what is cancelled', () => {
  it('a batch keeps what is done, leaves nothing of the rest, and is over', async () => {
    const root = await longBatch('b.jpg', 'c.jpg', 'd.jpg');
    const workshop = await openWorkshop();
    const { jobs } = workshop;
    const batchId = await queue(root, workshop);
    const { state } = await work(
      workshop,
      batchId,
      inTheMiddle((runner) => runner.cancel('not wanted any more')),
    );
    const files = { 'a.jpg': 'done', 'b.jpg': 'cancelled', 'c.jpg': 'cancelled', 'd.jpg': 'cancelled' };
    expect([state, await journaled(workshop, batchId)]).toEqual(['cancelled', files]);
    expect(await filesIn(join(root, 'out'))).toEqual(['a-x2.jpg']);
    await expect(work(workshop, batchId)).rejects.toMatchObject({ code: 'bad-argument' });
    expect(await jobs.retry(batchId, { cancelled: true })).toBe(3);
    expect((await work(workshop, batchId)).state).toBe('done');
  });

  it('a file in the middle is stopped, and the others are done', async () => {
    const root = await longBatch('b.jpg', 'c.jpg');
    const workshop = await openWorkshop();
    const batchId = await queue(root, workshop);
    const [, second] = await workshop.jobs.files(batchId);
    const { state } = await work(workshop, batchId, {
      onProgress: (moved, runner) => {
        if (isInside(moved, second?.id ?? 0)) runner.cancelFile(second?.id ?? 0);
      },
    });
    const files = { 'a.jpg': 'done', 'b.jpg': 'cancelled', 'c.jpg': 'done' };
    expect([state, await journaled(workshop, batchId)]).toEqual(['cancelled', files]);
    expect(await filesIn(join(root, 'out'))).toEqual(['a-x2.jpg', 'c-x2.jpg']);
  });

  it('a file that has just begun, unknown to the engine as yet, is stopped all the same', async () => {
    const root = await longBatch('b.jpg');
    const workshop = await openWorkshop();
    const batchId = await queue(root, workshop);
    await work(workshop, batchId, {
      onFile: ({ state, file }, runner) => {
        if (state === 'started') runner.cancelFile(file.id);
      },
    });
    expect(await journaled(workshop, batchId)).toEqual({ 'a.jpg': 'cancelled', 'b.jpg': 'cancelled' });
    expect(await filesIn(join(root, 'out'))).toEqual([]);
  });

  it('files are not queued again by a pause, neither one that has begun nor one that waits for its turn', async () => {
    const root = await longBatch('b.jpg', 'c.jpg');
    const workshop = await openWorkshop();
    const { jobs } = workshop;
    const batchId = await queue(root, workshop);
    const [a, b] = (await jobs.files(batchId)).map(({ id }) => id) as [number, number];
    await jobs.strike(b, 'for a test');
    const { state } = await work(workshop, batchId, {
      inFlight: 3,
      onFile: ({ state, file }, runner) => {
        if (state !== 'started' || file.id !== a) return;
        runner.cancelFile(a);
        runner.cancelFile(b);
        runner.pause('stopped by a test');
      },
    });
    const files = { 'a.jpg': 'cancelled', 'b.jpg': 'cancelled', 'c.jpg': 'queued' };
    expect([state, await journaled(workshop, batchId)]).toEqual(['paused', files]);
  });

  it('a file that is taken and waits for its turn is never begun', async () => {
    const root = await longBatch('b.jpg', 'c.jpg');
    const workshop = await openWorkshop();
    const { jobs } = workshop;
    const batchId = await queue(root, workshop);
    const [, second] = await jobs.files(batchId);
    // One with a strike works alone: it waits, in work by the journal, while another is.
    await jobs.strike(second?.id ?? 0, 'for a test');
    const { events } = await work(workshop, batchId, {
      onFile: ({ state, file }, runner) => {
        if (state === 'started' && file.id === (second?.id ?? 0) - 1) runner.cancelFile(second?.id ?? 0);
      },
    });
    expect(endings(events)).toEqual([
      ['a.jpg', 'done'],
      ['b.jpg', 'cancelled'],
      ['c.jpg', 'done'],
    ]);
  });
});
