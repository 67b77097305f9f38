import { watch } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import type { FileEvent } from '../../../src/main/batch/file-event.ts';
import { prepareBatch } from '../../../src/main/batch/prepare-batch.ts';
import { writePicture } from '../../support/pictures.ts';
import { recipeFor } from '../real-engine.ts';
import { endings, filesIn, journaled, openWorkshop, pictures, queue, work } from './batch-run.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

/** Makes engines that are started from now on die or hang over files of certain names; see the fixture. */
function engineWithFaults(): void {
  const fixture = new URL('./fixtures/faulty-codec.ts', import.meta.url);
  vi.stubEnv('NODE_OPTIONS', `--import=${fixture}`);
}

const TINY = Array.from({ length: 50 }, (_, index) => `${String(index).padStart(2, '0')}.jpg`);
const resultOf = (name: string) => name.replace('.jpg', '-x2.jpg');
const retriesOf = (events: readonly FileEvent[]) => events.filter(({ state }) => state === 'retried');

it('one among fifty over which the engine aborts is found and named, and the others are done', async () => {
  engineWithFaults();
  const names = TINY.with(23, 'aborts.jpg');
  const root = await pictures(...names);
  const workshop = await openWorkshop();
  const batchId = await queue(root, workshop);
  const { state, events } = await work(workshop, batchId, { inFlight: 6 });
  const good = names.filter((name) => name !== 'aborts.jpg');
  expect([state, await journaled(workshop, batchId)]).toEqual([
    'partial',
    { ...Object.fromEntries(good.map((name) => [name, 'done'])), 'aborts.jpg': 'quarantined' },
  ]);
  const source = join(root, 'in', 'aborts.jpg');
  expect(events.find((event) => event.state === 'failed')?.error.toJSON()).toEqual({
    code: 'quarantined',
    message:
      `${source}: left out, because the engine died over it three times (it was ended by SIGABRT). ` +
      'The file may be damaged; save it anew with another program and add that.',
    file: source,
  });
  const suspected = await workshop.jobs.files(batchId, { search: 'aborts' });
  expect(suspected).toMatchObject([{ strikes: 3, state: 'failed' }]);
  // Alone, only what is to blame is tried again.
  const alone = retriesOf(events).slice(6);
  expect(new Set(alone.map(({ file }) => file.source))).toEqual(new Set(alone.length > 0 ? [source] : []));
  expect(await filesIn(join(root, 'out'))).toEqual(good.map(resultOf));
});

it('one that keeps the engine busy for ever is found by the limits of its stage', async () => {
  engineWithFaults();
  const root = await pictures('a.jpg', 'b.jpg', 'loops.jpg', 'z.jpg');
  const workshop = await openWorkshop({ interval: 100, stageLimit: () => 2_000 });
  const batchId = await queue(root, workshop);
  const { events } = await work(workshop, batchId);
  expect(await journaled(workshop, batchId)).toEqual({
    ...{ 'a.jpg': 'done', 'b.jpg': 'done', 'loops.jpg': 'quarantined', 'z.jpg': 'done' },
  });
  expect(events.find((event) => event.state === 'failed')?.error.message).toMatch(
    /loops\.jpg: left out, because the engine died over it three times \(decoding has not moved on for 2 s\)/,
  );
  expect(await filesIn(join(root, 'out'))).toEqual(['a-x2.jpg', 'b-x2.jpg', 'z-x2.jpg']);
});

it('strikes outlive the program', async () => {
  engineWithFaults();
  const root = await pictures('aborts.jpg', 'b.jpg');
  const workshop = await openWorkshop();
  const batchId = await queue(root, workshop);
  const first = await work(workshop, batchId, {
    inFlight: 1,
    onFile: ({ state }, runner) => {
      if (state === 'retried') runner.pause('stopped by a test');
    },
  });
  expect([first.state, (await workshop.jobs.files(batchId))[0]?.strikes]).toEqual(['paused', 1]);
  const second = await work(workshop, batchId, { inFlight: 2 });
  expect(retriesOf(second.events)).toHaveLength(1);
  expect(await journaled(workshop, batchId)).toEqual({ 'aborts.jpg': 'quarantined', 'b.jpg': 'done' });
});

it('a header that the engine dies over is left out before the start, and no other is', async () => {
  engineWithFaults();
  const root = await pictures('a.jpg', 'b.jpg', 'header.jpg', 'z.jpg');
  const workshop = await openWorkshop();
  const batch = await prepareBatch([join(root, 'in')], false, await recipeFor(join(root, 'out')), workshop);
  expect(batch.files).toHaveLength(3);
  expect(batch.refused).toMatchObject([{ code: 'quarantined', file: join(root, 'in', 'header.jpg') }]);
  expect(batch.refused[0]?.message).toMatch(
    /header\.jpg: left out, because the engine died over its header \(it was ended by SIGABRT\)/,
  );
});

it('many such headers are each found out, and the engine counts as none that fails', async () => {
  engineWithFaults();
  const deadly = ['header.jpeg', 'header.jpg', 'header.png', 'header.webp'];
  const names = ['a.jpg', 'b.jpg', ...deadly, 'x.jpg', 'y.jpg', 'z.jpg'];
  const root = await pictures(...names);
  const workshop = await openWorkshop({ deaths: 3 });
  const batch = await prepareBatch([join(root, 'in')], false, await recipeFor(join(root, 'out')), workshop);
  expect(batch.files.map(({ source }) => basename(source.path))).toEqual(
    names.filter((name) => !deadly.includes(name)),
  );
  expect(batch.refused.map(({ code, file }) => [code, basename(file ?? '')])).toEqual(
    deadly.map((name) => ['quarantined', name]),
  );
});

it('a header is not blamed for an engine that somebody kills while it is read', async () => {
  const root = await pictures('a.jpg', 'b.jpg', 'c.jpg');
  const workshop = await openWorkshop();
  const recipe = await recipeFor(join(root, 'out'));
  let kills = 0;
  const request: typeof workshop.engine.request = (name, input) => {
    const answer = workshop.engine.request(name, input);
    if (name === 'probe' && kills++ === 0) process.kill(workshop.engine.pid, 'SIGKILL');
    return answer;
  };
  const batch = await prepareBatch([join(root, 'in')], false, recipe, { ...workshop, engine: { request } });
  expect([kills, batch.files.length, batch.refused]).toEqual([3, 3, []]);
});

it('an engine that is killed again and again costs time and nothing else: no file is blamed', async () => {
  const root = await pictures('a.jpg', 'b.jpg', 'c.jpg');
  for (const name of ['d.jpg', 'e.jpg', 'f.jpg']) {
    await writePicture(join(root, 'in', name), { width: 200, height: 150 });
  }
  const workshop = await openWorkshop();
  const batchId = await queue(root, workshop);
  const killed = new Set<number>();
  const { state, events } = await work(workshop, batchId, {
    onProgress: (jobs) => {
      const { pid } = workshop.engine;
      if (killed.size >= 3 || killed.has(pid) || !jobs.some(({ tilesDone }) => tilesDone > 0)) return;
      killed.add(pid);
      process.kill(pid, 'SIGKILL');
    },
  });
  const files = await workshop.jobs.files(batchId);
  expect([state, killed.size]).toEqual(['done', 3]);
  expect(files.map(({ strikes, state }) => [strikes, state])).toEqual(files.map(() => [0, 'done']));
  expect(retriesOf(events)).not.toHaveLength(0);
  expect(endings(events)).toHaveLength(6);
  expect(await filesIn(join(root, 'out'))).toEqual(
    ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `${name}-x2.jpg`),
  );
});

it('an engine that is killed while it writes a result leaves nothing of it', async () => {
  const root = await pictures();
  await writePicture(join(root, 'in', 'a.png'), { width: 500, height: 400 });
  const workshop = await openWorkshop();
  const batchId = await queue(root, workshop, {
    plan: { ...(await recipeFor('')).plan, tile: { width: 256, height: 256 } },
  });
  let kills = 0;
  const watcher = watch(join(root, 'out'), (_, name) => {
    if (kills > 0 || !name?.endsWith('.part')) return;
    kills += 1;
    process.kill(workshop.engine.pid, 'SIGKILL');
  });
  onTestFinished(() => watcher.close());
  const { state, events } = await work(workshop, batchId);
  expect([state, kills, retriesOf(events).length]).toEqual(['done', 1, 1]);
  expect(await filesIn(join(root, 'out'))).toEqual(['a-x2.png']);
});
