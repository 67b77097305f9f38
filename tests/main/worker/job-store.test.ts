import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openJobStore } from '../../../src/main/worker/open-job-store.ts';
import { startMainWorker } from '../../../src/main/worker/start-main-worker.ts';
import { temporaryFolder } from '../../support/pictures.ts';
import { newBatch, resultAt, sha256, writeText } from '../jobs/made-up-jobs.ts';

async function openStore(folder?: string) {
  const state = folder ?? (await temporaryFolder());
  const worker = startMainWorker();
  onTestFinished(() => worker.close());
  return { worker, folder: state, ...(await openJobStore(worker, state)) };
}

it('ten thousand files are added in one call, worked off, and still there the next time', async () => {
  const { jobs, folder } = await openStore();
  const names = Array.from({ length: 10_000 }, (_, index) => String(index));
  const id = await jobs.addBatch(newBatch(names));
  const owner = await jobs.registerOwner();
  let taken = 0;
  for (;;) {
    const files = await jobs.take(id, owner, 500);
    if (files.length === 0) break;
    taken += files.length;
    await Promise.all(
      files.map((file) => jobs.finish(owner, file.id, { state: 'done', ...resultAt(file.target) })),
    );
  }
  expect([taken, await jobs.settle(id)]).toEqual([10_000, 'done']);
  await jobs.close();
  const next = await openStore(folder);
  expect(next.warning).toBeUndefined();
  expect(await next.jobs.batch(id)).toMatchObject({
    ...{ state: 'done', files: { done: 10_000 }, pixelsDone: 1_000_000, pixelsTotal: 1_000_000 },
  });
});

it('tells which batches have changed, many changes at once', async () => {
  const { jobs } = await openStore();
  const calls: number[][] = [];
  const told = Promise.withResolvers<void>();
  const expected = 40;
  const stop = jobs.onChange((ids) => {
    calls.push(ids);
    if (new Set(calls.flat()).size === expected) told.resolve();
  });
  const added = await Promise.all(Array.from({ length: expected }, () => jobs.addBatch(newBatch('a'))));
  await told.promise;
  expect(new Set(calls.flat())).toEqual(new Set(added));
  expect(calls.length).toBeLessThan(expected);
  stop();
  const others = Promise.withResolvers<number[]>();
  jobs.onChange(others.resolve);
  await jobs.setBatchState(added[0] as number, 'paused');
  expect(await others.promise).toEqual([added[0]]);
  expect(new Set(calls.flat())).toEqual(new Set(added));
});

it('errors keep their code, and a closed store says so', async () => {
  const { jobs, worker } = await openStore();
  await expect(jobs.batch(9)).rejects.toMatchObject({ code: 'not-found' });
  await expect(openJobStore(worker, '/tmp')).rejects.toMatchObject({ code: 'internal' });
  await jobs.close();
  await expect(jobs.batches()).rejects.toMatchObject({ code: 'internal' });
  await jobs.close();
});

it('a broken journal is told of, and so is one that breaks while it is open', async () => {
  const folder = await temporaryFolder();
  await mkdir(folder, { recursive: true });
  await writeText(join(folder, 'journal.db'), 'x'.repeat(5_000));
  const { jobs, warning } = await openStore(folder);
  expect(warning).toMatch(/a new one has begun/);
  const names = Array.from({ length: 20_000 }, (_, index) => String(index));
  const id = await jobs.addBatch(newBatch(names));
  await jobs.close();
  const again = await openStore(folder);
  const bytes = await readFile(join(folder, 'journal.db'));
  bytes.fill(0x55, 4096);
  await writeFile(join(folder, 'journal.db'), bytes);
  await expect(again.jobs.files(id, { limit: 100_000 })).rejects.toMatchObject({ code: 'journal-broken' });
  expect(await again.jobs.batches()).toEqual([]);
  expect((await readdir(folder)).filter((name) => /^journal\.broken.*\.db$/.test(name))).toHaveLength(2);
});

it('the worker hashes files', async () => {
  const { worker, folder } = await openStore();
  const path = await writeText(join(folder, 'a.txt'), 'content');
  expect(await worker.ask('hash', { path })).toBe(sha256('content'));
});
