import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { fromBufferPromise } from 'yauzl';
import { mediaUrl } from '../../../src/shared/contract/media.ts';
import { writePicture } from '../../support/pictures.ts';
import { type Listener, Page, QUICK, startShell } from './web-page.ts';

/** A page of a shell whose only batch, of the folder `in` below the root, is done. */
async function shellWithResults() {
  const shell = await startShell();
  await mkdir(join(shell.root, 'in', 'sub'), { recursive: true });
  await writePicture(join(shell.root, 'in', 'a.png'), { seed: 1 });
  await writePicture(join(shell.root, 'in', 'sub', 'b.png'), { seed: 2 });
  const page = await Page.open(shell.web);
  const listener = await page.listen();
  const { id, out } = await page.client.batches.create({
    inputs: [{ kind: 'path', path: 'in' }],
    out: { kind: 'kept' },
    recipe: QUICK,
  });
  await listener.batchIs(id, 'done');
  return { ...shell, page, listener, out, what: { kind: 'batches' as const, batchIds: [id] } };
}

/** Resolves to an export as it ended. */
async function endOf(listener: Listener, id: number) {
  const isIt = (one: { id: number; state: string }) => one.id === id && one.state !== 'running';
  const { exports } = await listener.until((event) => event.exports?.some(isIt) === true);
  return exports?.find(isIt);
}

it('kept results are exported into a folder below the root, and as a ZIP', async () => {
  const { page, web, listener, root, out, what } = await shellWithResults();
  const created = await page.client.exports.create({
    what,
    to: { kind: 'folder', out: { kind: 'path', path: 'new/results' } },
  });
  const target = join(root, 'new', 'results');
  expect(created).toMatchObject({ id: 1, kind: 'folder', target, filesTotal: 2, problems: [] });
  expect(await endOf(listener, 1)).toMatchObject({ state: 'done', filesDone: 2, skipped: 0 });
  for (const name of ['a-x2.png', join('sub', 'b-x2.png')]) {
    expect((await readFile(join(target, name))).equals(await readFile(join(out, name)))).toBe(true);
  }
  await page.client.exports.create({
    what,
    to: { kind: 'zip', out: { kind: 'path', path: '' }, name: 'results' },
  });
  expect(await endOf(listener, 2)).toMatchObject({ state: 'done', target: join(root, 'results.zip') });
  expect((await readdir(root)).sort()).toEqual(['in', 'new', 'results.zip']);
  // A page that opens later hears of both.
  const later = await (await Page.open(web)).listen();
  expect(later.events[0]?.exports?.map(({ id, state }) => [id, state])).toEqual([
    [1, 'done'],
    [2, 'done'],
  ]);
});

it('what the page may not reach is not written to', async () => {
  const { page, what } = await shellWithResults();
  const folder = (path: string) => ({ kind: 'folder' as const, out: { kind: 'path' as const, path } });
  await expect(page.client.exports.create({ what, to: folder('../..') })).rejects.toMatchObject({
    data: { code: 'permission-denied' },
  });
  await expect(page.client.exports.cancel({ id: 7 })).rejects.toMatchObject({ data: { code: 'not-found' } });
});

it('a download is one ZIP, fetched once; its headers can be asked for before', async () => {
  const { page, listener, what } = await shellWithResults();
  const { id } = await page.client.exports.create({ what, to: { kind: 'download' } });
  const address = mediaUrl('/media', { kind: 'export', id });
  const head = await page.get(address, { method: 'HEAD' });
  const { status, headers, body } = await page.get(address);
  expect([status, headers['content-length'], head.headers['content-length']]).toEqual([
    200,
    String(body.length),
    String(body.length),
  ]);
  expect(headers).toMatchObject({
    'content-type': 'application/zip',
    'content-disposition': expect.stringMatching(/filename="enlarged\.zip"/),
  });
  const names: string[] = [];
  const zip = await fromBufferPromise(body);
  for await (const entry of zip.eachEntry()) {
    names.push(entry.fileName);
    expect((await buffer(await zip.openReadStreamPromise(entry))).length).toBe(entry.uncompressedSize);
  }
  expect(names.sort()).toEqual(['a-x2.png', 'sub/b-x2.png']);
  expect(await endOf(listener, id)).toMatchObject({ state: 'done', filesDone: 2, problems: [] });
  expect((await page.get(address)).status).toBe(404);
});

it('a connection that ends cancels its download', async () => {
  const { page, listener, out, what } = await shellWithResults();
  // More than line and buffers hold, so that it is not over before it is cut.
  await writeFile(join(out, 'a-x2.png'), Buffer.alloc(64 << 20));
  const { id } = await page.client.exports.create({ what, to: { kind: 'download' } });
  const address = page.origin + mediaUrl('/media', { kind: 'export', id });
  const request = get(address, { headers: { cookie: page.cookie } });
  const [response] = await once(request, 'response');
  await once(response, 'readable');
  request.destroy();
  expect(await endOf(listener, id)).toMatchObject({ state: 'cancelled' });
});
