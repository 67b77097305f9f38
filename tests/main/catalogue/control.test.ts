import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readCatalogue } from '../../../src/main/catalogue/catalogue-file.ts';
import { catalogueFile } from '../../../src/main/installation.ts';
import { catalogueSchema } from '../../../src/shared/catalogue.ts';
import { temporaryFolder } from '../../support/pictures.ts';
import { openCatalogue } from './catalogue-bench.ts';
import { entryFor, modelHost, type Reply, someBytes, whole } from './model-host.ts';

const BYTES = someBytes(200_000);

const waits: Reply = (_, answer) => {
  answer.writeHead(200, { etag: '"one"', 'content-length': BYTES.length });
  answer.write(BYTES.subarray(0, 100_000));
};

/** A download that has got as far as its host goes. */
async function underWay() {
  const begun = Promise.withResolvers<void>();
  const { address, asked } = await modelHost(waits, whole(BYTES));
  const bench = await openCatalogue([entryFor(address, BYTES)], {
    tell: ({ bytesDone }) => bytesDone === 100_000 && begun.resolve(),
  });
  const ended = bench.download();
  await begun.promise;
  return { ...bench, ended, asked, address };
}

it('the licence is shown before anything is fetched, and has to be accepted', async () => {
  const { address, asked } = await modelHost(whole(BYTES));
  const { service } = await openCatalogue([entryFor(address, BYTES)]);
  await expect(service.download({ id: 'tiny-x2', licenceAccepted: false })).rejects.toMatchObject({
    code: 'licence-not-accepted',
    message:
      'tiny-x2: its licence is MIT (https://example.com/licence). Read it, and accept it to download the model.',
  });
  expect(asked).toEqual([]);
});

it('a download that is cancelled keeps what has arrived, if its user says so', async () => {
  const { service, ended, left, download, asked } = await underWay();
  expect((await service.list()).models).toMatchObject([{ state: 'downloading', bytesDone: 100_000 }]);
  await service.cancel({ id: 'tiny-x2', keep: true });
  expect(await ended).toMatchObject({ state: 'cancelled', bytesDone: 100_000 });
  expect(await left()).toEqual(['tiny-x2.json', 'tiny-x2.part']);
  expect(await download()).toMatchObject({ state: 'done' });
  expect(asked[1]?.headers.range).toBe('bytes=100000-');
});

it('else nothing is left of it, nor of one that was broken off earlier', async () => {
  const { service, ended, left } = await underWay();
  await service.cancel({ id: 'tiny-x2', keep: false });
  expect(await ended).toMatchObject({ state: 'cancelled' });
  expect(await left()).toEqual([]);

  const other = await underWay();
  await other.service.cancel({ id: 'tiny-x2', keep: true });
  await other.service.cancel({ id: 'tiny-x2', keep: false });
  expect(await other.left()).toEqual([]);
  expect((await other.service.list()).models).toMatchObject([{ state: 'absent' }]);
});

it('who asks twice is told of the same download', async () => {
  const { service, ended, asked, told } = await underWay();
  expect(await service.download({ id: 'tiny-x2', licenceAccepted: true })).toEqual(told.at(-1));
  expect(asked.length).toBe(1);
  await service.close();
  expect(await ended).toMatchObject({ state: 'cancelled' });
});

it('another program that downloads the same model is left alone, and a dead one is not waited for', async () => {
  const { folder, state, service, ended, address } = await underWay();
  const other = await openCatalogue([entryFor(address, BYTES)], { state });
  await expect(other.download()).rejects.toMatchObject({
    code: 'in-use',
    message: expect.stringMatching(/^tiny-x2: another Enlarger is downloading it\. .*tiny-x2\.lock/),
  });
  await expect(other.service.cancel({ id: 'tiny-x2', keep: false })).rejects.toMatchObject({
    code: 'in-use',
  });
  const lock = join(folder, 'tiny-x2.lock');
  const alive = JSON.parse(await readFile(lock, 'utf8')) as object;
  await service.close();
  await ended;

  const dead = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(dead, 'exit');
  await writeFile(lock, JSON.stringify({ ...alive, pid: dead.pid, started: 'long ago' }));
  expect(await other.download()).toMatchObject({ state: 'done' });
  expect(await other.left()).toEqual([]);
});

it('a download that is only beginning can be stopped, and is begun once', async () => {
  const { address, asked } = await modelHost(waits);
  const { service, left } = await openCatalogue([entryFor(address, BYTES)]);
  const request = { id: 'tiny-x2', licenceAccepted: true };
  const both = Promise.all([service.download(request), service.download(request)]);
  await service.cancel({ id: 'tiny-x2', keep: false });
  expect(await both).toMatchObject([{ id: 'tiny-x2' }, { id: 'tiny-x2' }]);
  expect(await service.ended('tiny-x2')).toMatchObject({ state: 'cancelled' });
  expect([asked.length <= 1, await left()]).toEqual([true, []]);
});

it('a download that is only beginning does not outlive its program', async () => {
  const { address } = await modelHost(waits);
  const { service, left, told } = await openCatalogue([entryFor(address, BYTES)]);
  const begun = service.download({ id: 'tiny-x2', licenceAccepted: true });
  await service.close();
  expect(told.at(-1)).toMatchObject({ state: 'cancelled' });
  await begun;
  expect(await left()).not.toContain('tiny-x2.lock');
});

it('a download that cannot begin is nothing to stop', async () => {
  const { address } = await modelHost(waits);
  const { service } = await openCatalogue([entryFor(address, BYTES, { bytes: 2 ** 52 })]);
  const begun = service.download({ id: 'tiny-x2', licenceAccepted: true });
  const full = expect(begun).rejects.toMatchObject({ code: 'disk-full' });
  await service.cancel({ id: 'tiny-x2', keep: false });
  await full;
  expect(await service.ended('tiny-x2')).toBeUndefined();
});

it('how a download ended can be asked after it is over', async () => {
  const { address } = await modelHost((_, answer) => answer.writeHead(404).end(), whole(BYTES));
  const { service, download } = await openCatalogue([entryFor(address, BYTES)]);
  await download();
  const ended = () => service.ended('tiny-x2');
  expect(await ended()).toMatchObject({ state: 'failed', error: { code: 'not-found' } });
  await download();
  expect(await ended()).toMatchObject({ state: 'done' });
});

it('what does not fit on the disk is not begun', async () => {
  const { address, asked } = await modelHost(whole(BYTES));
  const { service, left } = await openCatalogue([entryFor(address, BYTES, { bytes: 2 ** 52 })]);
  await expect(service.download({ id: 'tiny-x2', licenceAccepted: true })).rejects.toMatchObject({
    code: 'disk-full',
    message: expect.stringMatching(/^tiny-x2: needs \d+ MB in .*downloads, and \d+ MB are free\. Make room/),
  });
  expect([asked, await left()]).toEqual([[], []]);
});

it('a state folder that cannot be written to is named', async () => {
  const { address } = await modelHost(whole(BYTES));
  const state = join(await temporaryFolder(), 'state');
  await writeFile(state, 'a file');
  const { service } = await openCatalogue([entryFor(address, BYTES)], { state });
  await expect(service.download({ id: 'tiny-x2', licenceAccepted: true })).rejects.toMatchObject({
    code: 'permission-denied',
    file: join(state, 'downloads'),
  });
});

it('the catalogue that ships can be read', async () => {
  expect((await readCatalogue(catalogueFile())).length).toBeGreaterThan(0);
});

it.each([
  ['http', { address: 'http://example.com/model.onnx' }, /begins with https/],
  ['a made-up key', { more: 1 }, /more/],
  ['no licence', { licence: undefined }, /licence/],
  ['no size', { bytes: undefined }, /bytes/],
  ['no hash', { sha256: undefined }, /sha256/],
])('a catalogue with %s is refused', async (_, change, message) => {
  const folder = await temporaryFolder();
  const file = join(folder, 'catalogue.json');
  const entry = { ...entryFor('https://example.com/model.onnx', BYTES), ...change };
  await writeFile(file, JSON.stringify({ formatVersion: 1, models: [entry] }));
  await expect(readCatalogue(file)).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringMatching(message),
  });
});

it('an id stands only once in a catalogue', () => {
  const entry = entryFor('https://example.com/model.onnx', BYTES);
  expect(catalogueSchema.safeParse({ formatVersion: 1, models: [entry] }).success).toBe(true);
  expect(catalogueSchema.safeParse({ formatVersion: 1, models: [entry, entry] }).success).toBe(false);
});

it('nothing of a download goes on after its program closes', async () => {
  const { service, ended, left } = await underWay();
  await service.close();
  expect(await ended).toMatchObject({ state: 'cancelled' });
  expect(await left()).toEqual(['tiny-x2.json', 'tiny-x2.part']);
});
