import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { EnlargerClient } from '../../../src/shared/contract/contract.ts';
import { type Metrics, metricsSchema } from '../../../src/shared/contract/metrics.ts';
import type { RecipeChoice } from '../../../src/shared/contract/recipe.ts';
import { temporaryFolder, writePicture } from '../../support/pictures.ts';
import { Page, startShell } from '../shells/web-page.ts';

/** Enough tiles, and large enough, that a batch is seen while it runs. */
const RECIPE: RecipeChoice = { variant: 'fp32', tile: 128 };

/** Everything that a page has been told of the machine. */
class Reader {
  readonly samples: Metrics[] = [];
  readonly #abort = new AbortController();
  #came = Promise.withResolvers<void>();

  constructor(client: EnlargerClient) {
    onTestFinished(() => this.#abort.abort());
    void this.#read(client).catch(() => {});
  }

  /** The first sample, of those past too, that `wanted` says yes to. */
  async until(wanted: (sample: Metrics) => boolean): Promise<Metrics> {
    for (let next = 0; ; ) {
      for (; next < this.samples.length; next++) {
        const sample = this.samples[next] as Metrics;
        if (wanted(sample)) return sample;
      }
      await this.#came.promise;
    }
  }

  async #read(client: EnlargerClient): Promise<void> {
    for await (const sample of await client.metrics(undefined, { signal: this.#abort.signal })) {
      this.samples.push(sample);
      this.#came.resolve();
      this.#came = Promise.withResolvers();
    }
  }
}

/** A page, and what it is told, of a shell whose engine is ready. */
async function readingPage() {
  const shell = await startShell();
  const page = await Page.open(shell.web);
  const listener = await page.listen();
  await listener.until(({ engine }) => engine?.state === 'ready');
  const reader = new Reader(page.client);
  const idle = await reader.until(() => true);
  const speed = async () => (await page.client.models.list()).find(({ id }) => id === 'photo-x2')?.speed;

  /** Enlarges so many pictures; resolves to the batch's id once it is done. */
  const enlarge = async (pictures: number): Promise<number> => {
    const folder = `of ${pictures}`;
    await mkdir(join(shell.root, folder));
    for (let index = 0; index < pictures; index++) {
      await writePicture(join(shell.root, folder, `${index}.png`), { width: 600, height: 450 });
    }
    const inputs = [{ kind: 'path' as const, path: folder }];
    const { id } = await page.client.batches.create({ inputs, out: { kind: 'kept' }, recipe: RECIPE });
    await listener.batchIs(id, 'done');
    return id;
  };
  return { ...shell, page, reader, idle, speed, enlarge };
}

it('tells what machine and batch do', async () => {
  const { web, state, reader, idle, speed, enlarge } = await readingPage();
  expect(idle.queue).toEqual({ filesWaiting: 0, filesInWork: 0, tilesWaiting: 0, tilesRunning: 0 });
  expect(idle).toMatchObject({ provider: 'CPU', timeLeft: [], workers: expect.any(Number) });
  expect(await speed()).toBeNull();

  // What a machine is too busy to say is null for once; and one may be too fast for a few pictures to be seen in work.
  const isBusy = ({ queue, rates, pool, sessions, memory: { used, processes } }: Metrics) =>
    queue.filesInWork > 0 &&
    rates.tilesPerSecond > 0 &&
    sessions.length > 0 &&
    (pool?.inUse ?? 0) > 0 &&
    used !== null &&
    processes.every(({ bytes }) => bytes !== null);
  let [id, busy] = [0, undefined as Metrics | undefined];
  for (let pictures = 4; !busy; pictures *= 2) {
    id = await enlarge(pictures);
    busy = reader.samples.find(isBusy);
  }
  expect(busy.memory.processes).toEqual([
    { role: 'main', pid: process.pid, bytes: expect.any(Number) },
    { role: 'engine', pid: web.application.services.engine.pid, bytes: expect.any(Number) },
  ]);
  expect(busy.memory.budget).toBeLessThan(1e9);
  expect(busy.memory.used).toBeGreaterThan(0);
  expect(busy.rates.megapixelsPerSecond).toBeGreaterThan(0);
  expect(busy.sessions).toContainEqual({ name: 'photo-x2 fp32 uint8', bytes: expect.any(Number) });
  expect(busy.pool?.capacity).toBeGreaterThanOrEqual(busy.pool?.inUse ?? 0);
  expect(busy.timeLeft).toEqual([{ batchId: id, seconds: expect.toSatisfy(isTime) }]);

  const ended = Date.now();
  const after = await reader.until(({ at }) => at > ended + 1000);
  expect(after).toMatchObject({ queue: { filesWaiting: 0, filesInWork: 0 }, timeLeft: [] });
  expect(after.rates.filesPerMinute).toBeGreaterThan(0);
  const told = reader.samples.flatMap(({ timeLeft }) => timeLeft.map(({ seconds }) => seconds));
  expect(told.every(isTime)).toBe(true);
  for (const sample of reader.samples) expect(metricsSchema.parse(sample)).toEqual(sample);

  for (let pictures = 128; (await speed()) === null; pictures *= 2) await enlarge(pictures);
  const measured = await speed();
  expect(measured).toBeGreaterThan(0);
  await web[Symbol.asyncDispose]();
  expect(JSON.parse(await readFile(join(state, 'speeds.json'), 'utf8'))).toEqual({
    'photo-x2': { fp32: { megapixelsPerSecond: measured, measuredAt: expect.any(Number) } },
  });
});

const isTime = (seconds: unknown) => seconds === null || (typeof seconds === 'number' && seconds >= 0);

it('tells a page that opens later what was before, and monitoring programs what is', async () => {
  const { web, page, reader } = await readingPage();
  await reader.until(() => reader.samples.length >= 3);
  const newest = reader.samples.at(-1);
  const late = new Reader((await Page.open(web)).client);
  await late.until(({ at }) => at === newest?.at);
  expect(late.samples.slice(0, 3)).toEqual(reader.samples.slice(0, 3));

  const text = await page.get('/metrics');
  expect(text.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(String(text.body)).toMatch(/^# HELP enlarger_/);
  expect(String(text.body)).toMatch(/^enlarger_process_memory_bytes\{role="engine",pid="\d+"\} \d+$/m);
  expect((await page.get('/metrics', { headers: { cookie: '' } })).status).toBe(403);
  expect((await page.get('/metrics', { method: 'HEAD' })).body.length).toBe(0);
});

it('goes on without an engine that answers, and says what it does not know', async () => {
  const { web } = await startShell();
  const page = await Page.open(web);
  await (await page.listen()).until(({ engine }) => engine?.state === 'ready');
  const { engine } = web.application.services;
  const reader = new Reader(page.client);
  await reader.until(({ pool }) => pool !== null);
  const { pid } = engine;
  process.kill(pid, 'SIGSTOP');
  const mute = await reader.until(({ pool }) => pool === null);
  expect(mute).toMatchObject({ workers: null, sessions: [], queue: { tilesRunning: 0, tilesWaiting: 0 } });
  if (engine.pid === pid) process.kill(pid, 'SIGKILL');
  const next = await reader.until(
    ({ pool, memory }) =>
      pool !== null && memory.processes.some(({ role, pid: id }) => role === 'engine' && id !== pid),
  );
  expect(next.workers).toBeGreaterThan(0);
});

it('shows the processes that the shell has for its page', async () => {
  const pages = () => [{ pid: process.ppid, bytes: 4096 }];
  const { web } = await startShell({ state: await temporaryFolder(), pages });
  const reader = new Reader((await Page.open(web)).client);
  const { memory } = await reader.until(() => true);
  expect(memory.processes).toContainEqual({ role: 'page', pid: process.ppid, bytes: 4096 });
});
