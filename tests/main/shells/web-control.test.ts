import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import type { BatchRecord } from '../../../src/shared/jobs.ts';
import { temporaryFolder, writePicture } from '../../support/pictures.ts';
import { type Listener, Page, QUICK, startShell } from './web-page.ts';

const PROGRAM = join(import.meta.dirname, '..', '..', '..', 'src', 'cli', 'index.ts');

/** A shell over `in`, a folder of so many pictures, each large enough to be met in work. */
async function shellWith(pictures: number, state?: string) {
  const shell = await startShell(state ? { state } : {});
  await mkdir(join(shell.root, 'in'));
  for (let index = 1; index <= pictures; index++) {
    await writePicture(join(shell.root, 'in', `${index}.png`), { width: 256, height: 192, seed: index });
  }
  const page = await Page.open(shell.web);
  return { ...shell, page, client: page.client, listener: await page.listen() };
}

function request(out: string) {
  return {
    inputs: [{ kind: 'path' as const, path: 'in' }],
    out: { kind: 'path' as const, path: out },
    recipe: QUICK,
  };
}

/** Resolves once a file of the batch is being enhanced, to its id. */
async function inWork(listener: Listener, batchId: number): Promise<number> {
  const isIt = (file: { batchId: number; state: string }) =>
    file.batchId === batchId && file.state === 'enhancing';
  const { progress } = await listener.until((event) => event.progress?.some(isIt) === true);
  return progress?.find(isIt)?.fileId as number;
}

/** Whether nothing of a batch is in work, and so many of its files wait. */
function isAtRest({ files }: BatchRecord, queued: number): boolean {
  return files.decoding + files.enhancing + files.encoding === 0 && files.queued === queued;
}

/** Resolves once a batch that went on by itself is done. */
async function untilDone(page: Page, batchId: number): Promise<void> {
  const listener = await page.listen();
  const { state } = await page.client.batches.get({ batchId });
  if (state !== 'done') await listener.batchIs(batchId, 'done');
}

/** The record of a batch as it was told last. */
function toldLast({ events }: Listener, batchId: number): BatchRecord | undefined {
  return events.flatMap(({ batches }) => batches ?? []).findLast(({ id }) => id === batchId);
}

it('a batch is paused, resumed and brought to its end; a page is told what the journal has', async () => {
  const { client, listener, root } = await shellWith(4);
  const { id } = await client.batches.create(request('out'));
  await inWork(listener, id);
  await client.batches.pause({ batchId: id });
  await listener.batchIs(id, 'paused');
  await listener.until(({ files }) => files?.some(({ state }) => state === 'queued') === true);
  expect(await client.batches.get({ batchId: id })).toMatchObject({
    state: 'paused',
    reason: 'paused by the user',
  });
  await client.batches.resume({ batchId: id });
  await listener.batchIs(id, 'done');
  expect(toldLast(listener, id)).toEqual(await client.batches.get({ batchId: id }));
  const told = new Map(listener.events.flatMap(({ files }) => files ?? []).map((file) => [file.id, file]));
  const files = await client.batches.files({ batchId: id });
  expect(files.map((file) => told.get(file.id))).toEqual(files);
  expect(files.every(({ state }) => state === 'done')).toBe(true);
  expect(await readdir(join(root, 'out'))).toHaveLength(4);
});

it('a batch that is cancelled leaves nothing behind, and those behind it go on', async () => {
  const { client, listener, root } = await shellWith(3);
  const first = await client.batches.create(request('first'));
  const second = await client.batches.create(request('second'));
  const third = await client.batches.create(request('third'));
  await inWork(listener, first.id);
  await client.batches.cancel({ batchId: second.id });
  await client.batches.cancel({ batchId: first.id });
  await listener.batchIs(third.id, 'done');
  const states = await client.batches.list({});
  expect(states.map(({ state }) => state)).toEqual(['done', 'cancelled', 'cancelled']);
  const { files } = await client.batches.get({ batchId: first.id });
  expect((await readdir(join(root, 'first'))).length).toBe(files.done);
  expect(await readdir(join(root, 'second'))).toEqual([]);

  expect(await client.batches.retry({ batchId: second.id, failed: false, cancelled: true })).toEqual({
    count: 3,
  });
  await listener.until(
    ({ batches }) => batches?.some((b) => b.id === second.id && b.state === 'done') === true,
  );
  expect(await client.batches.clear({})).toEqual({ count: 3 });
  expect([await client.batches.list({}), (await readdir(join(root, 'second'))).length]).toEqual([[], 3]);
});

it('files are cancelled in work, removed, put first, held back and let go', async () => {
  const { client, listener } = await shellWith(9);
  const { id } = await client.batches.create(request('out'));
  const working = await inWork(listener, id);
  await client.batches.pause({ batchId: id });
  await listener.batchIs(id, 'paused');
  // Paused for good when nothing is in work any more.
  let queued = await client.batches.files({ batchId: id, states: ['queued'] });
  while (!isAtRest(await client.batches.get({ batchId: id }), queued.length)) {
    queued = await client.batches.files({ batchId: id, states: ['queued'] });
  }
  const [cancelled, removed, held, front] = queued.slice(-4).map((file) => file.id) as [
    number,
    number,
    number,
    number,
  ];
  await client.files.cancel({ fileIds: [cancelled] });
  expect(await client.files.remove({ fileIds: [removed] })).toEqual({ count: 1 });
  await client.files.pause({ fileIds: [held] });
  await client.files.prioritise({ fileIds: [front] });
  await client.batches.resume({ batchId: id });
  await listener.until(({ files }) => files?.some((file) => file.id === front && file.attempts > 0) === true);
  await client.files.cancel({ fileIds: [working] }).catch(() => {});
  await listener.until(
    ({ batches }) => batches?.some((batch) => batch.id === id && isAtRest(batch, 1)) === true,
  );
  expect((await client.files.get({ fileId: held })).state).toBe('queued');
  await client.files.resume({ fileIds: [held] });
  await listener.batchIs(id, 'done', 'cancelled', 'partial');
  expect((await client.files.get({ fileId: held })).state).toBe('done');
  expect((await client.files.get({ fileId: cancelled })).state).toBe('cancelled');
  await expect(client.files.get({ fileId: removed })).rejects.toMatchObject({ data: { code: 'not-found' } });
});

it('a file in work is stopped by its cancellation', async () => {
  const { client, listener } = await shellWith(1);
  const { id } = await client.batches.create(request('out'));
  const fileId = await inWork(listener, id);
  await client.files.cancel({ fileIds: [fileId] });
  await listener.batchIs(id, 'cancelled', 'done');
  const { state, attempts } = await client.files.get({ fileId });
  expect([state, attempts]).toEqual(['cancelled', 1]);
});

it('what was in work when Enlarger was closed goes on at the next start, unless the user paused it', async () => {
  const state = await temporaryFolder();
  const { client, listener, web } = await shellWith(3, state);
  const closed = await client.batches.create(request('closed'));
  const paused = await client.batches.create(request('paused'));
  await client.batches.pause({ batchId: paused.id });
  await inWork(listener, closed.id);
  await web[Symbol.asyncDispose]();

  const next = await startShell({ state });
  const page = await Page.open(next.web);
  await untilDone(page, closed.id);
  expect((await page.client.batches.get({ batchId: paused.id })).state).toBe('paused');
});

it('what was in work when the whole program was killed goes on at the next start', async () => {
  const state = await temporaryFolder();
  const root = await temporaryFolder();
  await mkdir(join(root, 'in'));
  for (const seed of [1, 2, 3]) {
    await writePicture(join(root, 'in', `${seed}.png`), { width: 256, height: 192, seed });
  }
  const args = [PROGRAM, 'serve', '--no-open', '--root', root];
  const child = spawn(process.execPath, args, { env: { ...process.env, ENLARGER_HOME: state } });
  const [line] = await once(createInterface(child.stdout), 'line');
  const page = await Page.open({ address: line, origin: new URL(line).origin });
  const listener = await page.listen();
  const { id } = await page.client.batches.create(request('out'));
  await inWork(listener, id);
  child.kill('SIGKILL');
  await once(child, 'exit');

  const next = await startShell({ state, root });
  const again = await Page.open(next.web);
  await untilDone(again, id);
  expect((await readdir(join(root, 'out'))).sort()).toEqual(['1-x2.png', '2-x2.png', '3-x2.png']);
});
