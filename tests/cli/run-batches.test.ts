import { afterEach, expect, it, vi } from 'vitest';
import { runBatches } from '../../src/cli/batches/run-batches.ts';
import { openWorkshop } from '../../src/cli/batches/workshop.ts';
import { JsonLines } from '../../src/cli/output/json-lines.ts';
import { interruptible } from '../../src/cli/run-options.ts';
import { openWorkshop as openWorkshopOf, pictures, queue } from '../main/batch/batch-run.ts';
import { newBatch } from '../main/jobs/made-up-jobs.ts';
import { temporaryFolder } from '../support/pictures.ts';
import { linesOf } from './support.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

it('a run that was called off before its start names every file that waits, however many there are', async () => {
  vi.stubEnv('ENLARGER_HOME', await temporaryFolder());
  const names = Array.from({ length: 1_234 }, (_, index) => String(index));
  const written: string[] = [];
  const engine = { workers: 1, sequential: true, memoryBudget: 64e6 };
  await using workshop = await openWorkshop(engine, () => {});
  const recipe = { out: '/out', onCollision: 'skip' };
  const ids = [];
  for (const files of [names, ['a']]) ids.push(await workshop.jobs.addBatch(newBatch(files, { recipe })));
  const reporter = new JsonLines((line) => written.push(line));
  const tile = { width: 64, height: 64 };
  const run = { sequential: true, tile, signal: AbortSignal.abort(), started: performance.now() };
  expect(await runBatches(workshop, ids, reporter, run)).toBe(3);
  const lines = linesOf(written.join(''));
  expect(lines.filter(({ state }) => state === 'cancelled').map(({ source }) => source)).toEqual(
    names.map((name) => `/in/${name}.jpg`),
  );
  expect(lines.filter(({ event }) => event === 'interrupted')).toEqual([
    { event: 'interrupted', batch: ids[0] },
  ]);
  expect(lines.at(-1)).toMatchObject({ cancelled: 1_234, done: 0 });
  expect((await workshop.jobs.batches()).map(({ state }) => state)).toEqual(['queued', 'paused']);
});

it('a run that no engine can be kept running for says so, fails nothing, and leaves later batches as they are', async () => {
  const workshop = await openWorkshopOf({ deaths: 1 });
  const roots = [await pictures('a.jpg', 'b.jpg'), await pictures('c.jpg')];
  const ids = [];
  for (const root of roots) ids.push(await queue(root, workshop));
  const written: string[] = [];
  const reporter = new JsonLines((line) => {
    if (written.push(line) === 1) process.kill(workshop.engine.pid, 'SIGKILL');
  });
  const run = { sequential: true, tile: { width: 64, height: 64 }, started: performance.now() };
  expect(await runBatches(workshop, ids, reporter, { ...run, signal: new AbortController().signal })).toBe(3);
  const lines = linesOf(written.join(''));
  expect(lines.filter(({ event }) => event === 'waiting' || event === 'interrupted')).toEqual([
    {
      event: 'waiting',
      reason: expect.stringMatching(/^The engine cannot be kept running: .* waits until it is resumed\.$/),
    },
    { event: 'interrupted', batch: ids[0] },
  ]);
  expect(lines.at(-1)).toMatchObject({ event: 'summary', done: 0, failed: 0, cancelled: 2 });
  expect((await workshop.jobs.batches()).map(({ state }) => state)).toEqual(['queued', 'paused']);
});

it('who interrupts twice does not wait', async () => {
  const exit = vi.spyOn(process, 'exit').mockImplementation((() => {}) as never);
  const code = await interruptible(async (signal) => {
    process.emit('SIGINT');
    expect([signal.aborted, exit.mock.calls]).toEqual([true, []]);
    process.emit('SIGINT');
    return 7;
  });
  expect([code, exit.mock.calls]).toEqual([7, [[1]]]);
  exit.mockRestore();
});
