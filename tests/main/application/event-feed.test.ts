import { expect, it, onTestFinished } from 'vitest';
import { EventHub } from '../../../src/main/application/event-hub.ts';
import { openJobStore } from '../../../src/main/worker/open-job-store.ts';
import { startMainWorker } from '../../../src/main/worker/start-main-worker.ts';
import type { EnlargerEvent } from '../../../src/shared/contract/events.ts';
import { temporaryFolder } from '../../support/pictures.ts';

async function openHub() {
  const worker = startMainWorker();
  const { jobs } = await openJobStore(worker, await temporaryFolder());
  onTestFinished(async () => {
    await jobs.close();
    await worker.close();
  });
  const file = (name: string) => ({ source: name, ended: { state: 'skipped' as const, reason: 'there' } });
  const files = Array.from({ length: 250 }, (_, index) => file(`/in/${index}.png`));
  const id = await jobs.addBatch({ title: 'some', recipe: {}, out: '/out', shell: 'web', files });
  return { jobs, id, hub: new EventHub(jobs) };
}

/** Reads on until `enough` says so. */
async function read(hub: EventHub, enough: (events: EnlargerEvent[]) => boolean): Promise<EnlargerEvent[]> {
  const events: EnlargerEvent[] = [];
  for await (const event of hub.read(new AbortController().signal)) {
    events.push(event);
    if (enough(events)) break;
  }
  return events;
}

const job = (pixelsDone: number, x: number) => ({
  ...{ jobId: 7, state: 'enhancing' as const, tilesDone: pixelsDone, tilesTotal: 100_000, pixelsDone },
  dirty: { x, y: x, width: 10, height: 10 },
});

it('tells at most thirty times a second, and the latest of everything', async () => {
  const { hub, id } = await openHub();
  let [done, flooding] = [0, true];
  const flood = () => {
    if (!flooding) return;
    for (let times = 0; times < 20; times++) hub.progress(id, [job(++done, done % 100)]);
    setImmediate(flood);
  };
  const began = performance.now();
  flood();
  const events = await read(hub, (told) => told.length >= 20);
  flooding = false;
  const seconds = (performance.now() - began) / 1000;
  // The first message may come at once; 32 a second allow for timers that are early by a millisecond.
  expect(events.length).toBeLessThanOrEqual(1 + 32 * seconds);
  expect(done).toBeGreaterThan(events.length * 20);
  const last = await read(hub, () => true);
  expect(last[0]?.progress).toEqual([
    {
      ...{ fileId: 7, batchId: id, state: 'enhancing', tilesDone: done, tilesTotal: 100_000 },
      pixelsDone: done,
    },
  ]);
});

it('gathers what changed into the smallest rectangle around it', async () => {
  const { hub, id } = await openHub();
  const told = read(hub, (events) => events.length === 2);
  await read(hub, () => true);
  hub.progress(id, [job(1, 50)]);
  hub.progress(id, [job(2, 5)]);
  const [, second] = await told;
  expect(second?.progress?.[0]).toMatchObject({
    pixelsDone: 2,
    dirty: { x: 5, y: 5, width: 55, height: 55 },
  });
});

it('begins with what is the case', async () => {
  const { hub, id } = await openHub();
  hub.engine({ state: 'ready', generation: 1 });
  hub.progress(id, [job(1, 0)]);
  hub.obstacle(id, 'The disk is full.');
  hub.notice('The settings were set aside.');
  const [first] = await read(hub, () => true);
  expect(first).toEqual({
    engine: { state: 'ready', generation: 1 },
    progress: [
      { fileId: 7, batchId: id, state: 'enhancing', tilesDone: 1, tilesTotal: 100_000, pixelsDone: 1 },
    ],
    obstacles: [{ batchId: id, reason: 'The disk is full.' }],
    notices: [{ id: 1, message: 'The settings were set aside.' }],
  });
  hub.obstacle(id, undefined);
  expect((await read(hub, () => true))[0]).not.toHaveProperty('obstacles');
});

it('tells records as the journal has them, and of very many files only their batch', async () => {
  const { hub, jobs, id } = await openHub();
  const files = await jobs.files(id, { limit: 250 });
  const told = read(hub, (events) => events.length === 2);
  await read(hub, () => true);
  for (const file of files) hub.file({ state: 'skipped', file, reason: 'there' });
  hub.batches([id, 12_345]);
  const [, event] = await told;
  expect(event).toEqual({ files: files.slice(0, 200), reload: [id], batches: [await jobs.batch(id)] });
  expect(hub.readers).toBe(0);
});

it('ends when its reader goes', async () => {
  const { hub } = await openHub();
  const abort = new AbortController();
  const reading = hub.read(abort.signal);
  await reading.next();
  const next = reading.next();
  expect(hub.readers).toBe(1);
  abort.abort();
  expect([await next, hub.readers]).toEqual([{ done: true, value: undefined }, 0]);
});
