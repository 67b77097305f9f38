import { describe, expect, it } from 'vitest';
import { childProcessHost, engineEntry } from '../../../src/main/engine/child-process-host.ts';
import type { EngineHost } from '../../../src/main/engine/engine-host.ts';
import { openJobStore } from '../../../src/main/worker/open-job-store.ts';
import { startMainWorker } from '../../../src/main/worker/start-main-worker.ts';
import { newBatch } from '../jobs/made-up-jobs.ts';
import { networkFile, openStore } from './store/opened-store.ts';
import { noEngines } from './watched-host.ts';

const LONG = 120_000;

/** Real engines that are asked nothing any more once they are asked for `request`, which `asked` tells of. */
function deafTo(request: string): { host: EngineHost; asked: Promise<void> } {
  const host = childProcessHost(engineEntry(), { quiet: true });
  const { promise, resolve } = Promise.withResolvers<void>();
  const start = () => {
    const link = host.start();
    const send: typeof link.send = (message) => {
      if (message.request === request) resolve();
      else link.send(message);
    };
    return { ...link, send };
  };
  return { host: { ...host, start }, asked: promise };
}

describe('an examination that does not end', () => {
  async function hanging() {
    const opened = await openStore();
    await opened.store.add({ path: await networkFile('a.onnx') });
    const { host, asked } = deafTo('examineModel');
    const store = await opened.another({ host });
    const abort = new AbortController();
    const path = await networkFile('b.onnx', { width: 5 });
    const hung = store.examine({ path }, abort.signal);
    await asked;
    return { ...opened, store, path, hung, abort };
  }

  it('keeps nobody from changing words and removing models', { timeout: LONG }, async () => {
    const { store, inside, hung, abort } = await hanging();
    expect((await store.change('a', { title: 'Mine' })).manifest.title).toBe('Mine');
    await store.remove('a');
    abort.abort();
    await expect(hung).rejects.toMatchObject({ code: 'cancelled' });
    expect(await inside()).toEqual([]);
  });

  it('is not waited for by who gives up', { timeout: LONG }, async () => {
    const { store, path, hung, abort } = await hanging();
    const waiting = new AbortController();
    const calls = [
      store.examine({ path }, waiting.signal),
      store.add({ path }, {}, waiting.signal),
      store.change('a', { scale: 4 }, waiting.signal),
    ];
    waiting.abort();
    for (const call of calls) await expect(call).rejects.toMatchObject({ code: 'cancelled' });
    abort.abort();
    await expect(hung).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('ends with the store, and all that waits for it', { timeout: LONG }, async () => {
    const { store, path, hung, inside } = await hanging();
    const calls = Promise.allSettled([hung, store.add({ path })]);
    await store.close();
    const cancelled = { status: 'rejected', reason: { code: 'cancelled' } };
    expect(await calls).toMatchObject([cancelled, cancelled]);
    await expect(store.examine({ path })).rejects.toMatchObject({ code: 'cancelled' });
    expect((await inside()).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});

it('an engine that does not start is given up, and can be cancelled', { timeout: LONG }, async () => {
  const path = await networkFile('a.onnx');
  const { store, another } = await openStore({ ...deafTo('configure'), limit: 500 });
  await expect(store.examine({ path })).rejects.toMatchObject({ code: 'deadline-exceeded' });
  const { host, asked } = deafTo('configure');
  const patient = await another({ host, limit: LONG });
  const abort = new AbortController();
  const call = patient.examine({ path }, abort.signal);
  await asked;
  abort.abort();
  await expect(call).rejects.toMatchObject({ code: 'cancelled' });
});

it('a model stays while a batch of another program waits for it', { timeout: LONG }, async () => {
  const { store, another, folders, inside } = await openStore();
  await store.add({ path: await networkFile('a.onnx') });
  const worker = startMainWorker();
  const { jobs } = await openJobStore(worker, folders.added.replace(/models$/, ''));
  try {
    const id = await jobs.addBatch(newBatch('ab', { recipe: { model: 'a' } }));
    const other = await another({ host: noEngines });
    for (const each of [store, other]) {
      await expect(each.remove('a')).rejects.toMatchObject({
        code: 'in-use',
        message: expect.stringMatching(`batch ${id} .+ is waiting`),
      });
    }
    expect(await inside()).toContain('a/manifest.json');
    await jobs.setBatchState(id, 'cancelled');
    await store.remove('a');
    expect(await inside()).toEqual([]);
  } finally {
    await jobs.close();
    await worker.close();
  }
});
