import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink } from '@orpc/client/websocket';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { createRouter } from '../../../src/main/router/router.ts';
import { servePort, serveSocket } from '../../../src/main/router/serve-line.ts';
import type { SystemCalls } from '../../../src/main/router/system-calls.ts';
import type { EnlargerClient } from '../../../src/shared/contract/contract.ts';
import { errorOf } from '../../../src/shared/contract/error.ts';
import { CONTRACT_VERSION } from '../../../src/shared/contract/shell.ts';
import { VERSION } from '../../../src/shared/version.ts';
import { temporaryFolder, writePicture } from '../../support/pictures.ts';
import { Listener, Page, QUICK, startShell } from '../shells/web-page.ts';

const ABILITIES = { canPickFolders: true, canDragOut: true, canReveal: true };

/** The system around a window whose user closes every dialog. */
const SYSTEM: SystemCalls = {
  pickPictures: async () => [],
  pickFolders: async () => [],
  pickOut: async () => undefined,
  recentOuts: () => [],
  reveal: () => {},
  dragOut: async () => {},
};

/** A page at the other end of a port, as the desktop shell has one. */
async function portPage() {
  const shell = await startShell();
  const { port1, port2 } = new MessageChannel();
  const revealed: string[] = [];
  const system = { ...SYSTEM, reveal: (path: string) => void revealed.push(path) };
  servePort(createRouter(shell.web.application, system), port1);
  port1.start();
  port2.start();
  onTestFinished(() => port2.close());
  const client: EnlargerClient = createORPCClient(new PortLink({ port: port2 }));
  return { ...shell, client, revealed };
}

it('the whole way of a picture over a port', async () => {
  const { client, root, revealed } = await portPage();
  await writePicture(join(root, 'a.png'));
  const listener = new Listener(client);
  const { id } = await client.batches.create({
    inputs: [{ kind: 'path', path: 'a.png' }],
    out: { kind: 'path', path: 'out' },
    recipe: QUICK,
  });
  await listener.batchIs(id, 'done');
  const [file] = await client.batches.files({ batchId: id });
  expect(file?.result?.target).toBe(join(root, 'out', 'a-x2.png'));
  const exported = await client.exports.create({
    what: { kind: 'batches', batchIds: [id] },
    to: { kind: 'folder', out: { kind: 'path', path: 'prints' } },
  });
  await listener.until(({ exports }) => exports?.some(({ state }) => state === 'done') ?? false);
  await client.exports.reveal({ id: exported.id });
  expect(revealed).toEqual([join(root, 'prints')]);
});

it('says who it is and what this shell can do, over any line', async () => {
  const { client, web, root } = await portPage();
  expect(await client.greeting()).toEqual({ protocol: CONTRACT_VERSION, version: VERSION });
  const machine = { platform: process.platform, processor: expect.any(String), cores: expect.any(Number) };
  const every = { shell: 'web', ...machine, root, memory: expect.any(Number), uploads: expect.any(Object) };
  expect(await client.capabilities()).toEqual({ ...every, ...ABILITIES });
  const page = await Page.open(web);
  const none = { canPickFolders: false, canDragOut: false, canReveal: false };
  expect(await page.client.capabilities()).toEqual({ ...every, ...none });
  expect(await page.client.models.list()).toContainEqual({
    ...{ id: 'photo-x2', scale: 2, task: 'upscale' },
    ...{ title: expect.any(String), description: expect.any(String), licence: expect.any(String) },
    ...{ origin: 'shipped', source: expect.any(String), bytes: expect.any(Number), exact: true },
    ...{ channels: 3, channelOrder: 'RGB', range: [0, 1] },
    ...{ parameters: expect.any(Number), receptiveRadius: expect.any(Number) },
    variants: [
      { id: 'fp32', bytes: expect.any(Number) },
      { id: 'fp16', bytes: expect.any(Number) },
      { id: 'int8', bytes: expect.any(Number) },
    ],
    speed: null,
  });
});

it('settings are kept, and a change of one leaves the others', async () => {
  const { client, web, state } = await portPage();
  await client.settings.set({ theme: 'dark' });
  const set = await client.settings.set({ recipe: { ...QUICK, format: 'webp' } });
  expect(set).toMatchObject({ theme: 'dark', recipe: { format: 'webp', tile: 32, model: 'photo-x2' } });
  await web[Symbol.asyncDispose]();
  const next = await startShell({ state });
  expect(await (await Page.open(next.web)).client.settings.get()).toEqual(set);
});

it('settings that make no sense are set aside, and every page is told', async () => {
  const state = await temporaryFolder();
  await writeFile(join(state, 'settings.json'), '{ "theme": ');
  const { web } = await startShell({ state });
  const page = await Page.open(web);
  const listener = await page.listen();
  const told = await listener.until(({ notices }) => notices !== undefined);
  const [aside] = (await readdir(state)).filter((name) => name.startsWith('settings.json.broken-'));
  expect(told.notices?.[0]?.message).toContain(join(state, aside as string));
  expect(await page.client.settings.get()).toMatchObject({ theme: 'dark' });
});

it('errors are what they were in main, whatever they are of', async () => {
  const { client, web } = await portPage();
  const caught = (call: Promise<unknown>) => call.then(() => expect.unreachable(), errorOf);
  const request = { inputs: [{ kind: 'path' as const, path: 'a.png' }], out: { kind: 'kept' as const } };
  expect(await caught(client.batches.create(request))).toMatchObject({
    name: 'EnlargerError',
    code: 'not-found',
    file: expect.stringMatching(/root.a\.png$/),
  });
  const model = { ...request, recipe: { model: 'none' } };
  await writePicture(join(web.application.services.places.root?.path as string, 'a.png'));
  const codes = await Promise.all([
    caught(client.batches.create(model)),
    caught(client.batches.create({ ...request, recipe: { name: '../{name}' } })),
    caught(client.batches.create({ ...request, recipe: { quality: 101 } })),
    caught(client.batches.create({ ...request, inputs: [{ kind: 'token', token: 'x' }] })),
    caught(client.batches.pause({ batchId: 99 })),
  ]);
  expect(codes.map(({ code }) => code)).toEqual([...Array(3).fill('bad-argument'), 'not-found', 'not-found']);
});

it('a line that is cut fails what was asked on it', async () => {
  const { web } = await startShell();
  const page = await Page.open(web);
  const asked = page.client.greeting();
  page.socket.terminate();
  for (const call of [asked, page.client.greeting()]) {
    const error = await call.then(() => expect.unreachable(), errorOf);
    expect(error.code).toBe('stopped');
  }
});

it('a page that does not read is told less, and main holds nothing back for it', async () => {
  const { web } = await startShell();
  const { jobs, events } = web.application.services;
  const files = Array.from({ length: 200 }, (_, index) => ({
    source: `/in/${index}.png`,
    ended: { state: 'skipped' as const, reason: 'x'.repeat(1000) },
  }));
  const batchId = await jobs.addBatch({ title: 'some', recipe: {}, out: '/out', shell: 'web', files });
  const records = await jobs.files(batchId, { limit: 200 });
  const message = JSON.stringify(records).length;

  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => server.close());
  await once(server, 'listening');
  const connected = once(server, 'connection');
  const slow = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  onTestFinished(() => slow.terminate());
  const [line] = (await connected) as [WebSocket];
  serveSocket(createRouter(web.application, SYSTEM), line);
  const link = new RPCLink({ websocket: slow as unknown as globalThis.WebSocket });
  const listener = new Listener(createORPCClient(link));
  await listener.until(({ engine }) => engine !== undefined);

  slow.pause();
  let told = 0;
  let [most, blocked] = [0, 0];
  // A reader at main's side is the clock: each message of its own is one that the page could have had.
  for await (const _ of events.read(new AbortController().signal)) {
    events.notice(String(++told));
    for (const file of records) events.file({ state: 'skipped', file, reason: 'there' });
    most = Math.max(most, line.bufferedAmount);
    if (line.bufferedAmount > 0) blocked += 1;
    if (blocked === 40) break;
  }
  expect(most).toBeLessThan(2 * message);
  slow.resume();
  const heard = await listener.until(
    ({ notices }) => notices?.some((notice) => notice.message === String(told)) === true,
  );
  expect(heard.files).toHaveLength(200);
  expect(listener.events.length).toBeLessThan(told);
});
