import { once } from 'node:events';
import { readdir, readFile, readlink, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { fromBufferPromise } from 'yauzl';
import { temporaryFolder } from '../../support/pictures.ts';
import { openExports } from './made-up-results.ts';

async function unzipped(zip: Buffer): Promise<[string, string][]> {
  const file = await fromBufferPromise(zip);
  const entries: [string, string][] = [];
  for await (const entry of file.eachEntry()) {
    expect([entry.compressionMethod, entry.compressedSize]).toEqual([0, entry.uncompressedSize]);
    entries.push([entry.fileName, String(await buffer(await file.openReadStreamPromise(entry)))]);
  }
  return entries;
}

/** Files below `folder` that this process has open, where the system tells. */
async function openFiles(folder: string): Promise<string[]> {
  const open = await readdir('/proc/self/fd').catch(() => []);
  const paths = await Promise.all(open.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')));
  return paths.filter((path) => path.startsWith(folder));
}

const LARGE = Buffer.alloc(8_000_000, 'x');

it('holds every result under a name of its own, composed, and states its length', async () => {
  const { service, batchOf } = await openExports();
  const decomposed = 'Zoë.png'.normalize('NFD');
  const { what } = await batchOf(
    ['a.png', 'A.png', 'sub/a.png', decomposed, 'zoË.png', 'empty.png', 'C:/..\\x.png'],
    { contents: (target) => (target === 'empty.png' ? '' : target) },
  );
  const { body, bytes } = await service.zip(what);
  const zip = await buffer(body);
  expect(bytes).toBe(zip.length);
  expect(await unzipped(zip)).toEqual([
    ['a.png', 'a.png'],
    ['A (2).png', 'A.png'],
    ['sub/a.png', 'sub/a.png'],
    ['Zoë.png', decomposed],
    ['zoË (2).png', 'zoË.png'],
    ['empty.png', ''],
    ['C_/.._x.png', 'C:/..\\x.png'],
  ]);
});

it('leaves out what is gone, or is a link now', async () => {
  const { service, batchOf } = await openExports();
  const { what, out } = await batchOf(['a.png', 'b.png', 'c.png']);
  await rm(join(out, 'a.png'));
  await rm(join(out, 'b.png'));
  await symlink('/etc/hostname', join(out, 'b.png'));
  expect(await unzipped(await buffer((await service.zip(what)).body))).toEqual([['c.png', 'c.png']]);
  await rm(join(out, 'c.png'));
  await expect(service.zip(what)).rejects.toMatchObject({ code: 'not-found' });
});

it('fails by name where a file goes or shrinks in the middle, and reads no further than its reader', async () => {
  const { service, batchOf } = await openExports();
  const { what, out } = await batchOf(['a.png', 'b.png'], { contents: () => LARGE });
  const gone = await service.zip(what);
  await rm(join(out, 'b.png'));
  await expect(buffer(gone.body)).rejects.toMatchObject({ code: 'not-found', file: join(out, 'b.png') });
  await writeFile(join(out, 'b.png'), LARGE);
  const cut = await service.zip(what);
  await truncate(join(out, 'b.png'), 1000);
  await expect(buffer(cut.body)).rejects.toMatchObject({ code: 'source-changed', file: join(out, 'b.png') });

  await writeFile(join(out, 'b.png'), LARGE);
  const { body } = await service.zip(what);
  await once(body, 'readable');
  body.destroy();
  await once(body, 'close');
  // Closing a file is asked for, and done in its turn.
  while ((await openFiles(out)).length > 0) await readdir(out);
});

it('appears in a folder when it is whole, numbered where one is there', async () => {
  const { service, batchOf, ended, outAt } = await openExports('desktop');
  const { what, out } = await batchOf(['a.png', 'sub/b.png', 'c.png']);
  const folder = await temporaryFolder();
  const to = { kind: 'zip' as const, out: await outAt(folder), name: '../trip:1.ZIP' };
  const first = await service.create({ what, to });
  expect(await ended(first.id)).toMatchObject({
    ...{ kind: 'zip', state: 'done', target: join(folder, '__trip_1.zip') },
    ...{ filesDone: 3, filesTotal: 3, bytesDone: 19, bytesTotal: 19, problems: [] },
  });
  await rm(join(out, 'sub', 'b.png'));
  const second = await service.create({ what, to });
  const target = join(folder, '__trip_1 (2).zip');
  expect(await ended(second.id)).toMatchObject({
    ...{ state: 'done', target, filesDone: 2, filesTotal: 3 },
    problems: [expect.stringContaining(join(out, 'sub', 'b.png'))],
  });
  expect((await readdir(folder)).sort()).toEqual(['__trip_1 (2).zip', '__trip_1.zip']);
  expect(await unzipped(await readFile(target))).toEqual([
    ['a.png', 'a.png'],
    ['c.png', 'c.png'],
  ]);
});

it('leaves nothing in the folder when it is cancelled', async () => {
  const { service, hub, batchOf, ended, outAt } = await openExports();
  const names = Array.from({ length: 20 }, (_, index) => `${index}.png`);
  const { what } = await batchOf(names, { contents: () => LARGE });
  const folder = await temporaryFolder();
  const to = { kind: 'zip' as const, out: await outAt(folder), name: 'all' };
  const { id } = await service.create({ what, to });
  for await (const { exports } of hub.read(new AbortController().signal)) {
    if (exports?.some(({ bytesDone }) => bytesDone > 0)) break;
  }
  await service.cancel(id);
  expect([(await ended(id)).state, await readdir(folder)]).toEqual(['cancelled', []]);
});

it('is downloaded once, and counts what went', async () => {
  const { service, batchOf, ended } = await openExports();
  const { what } = await batchOf(['a.png', 'b.png'], { contents: () => LARGE });
  const { id, state, target } = await service.create({ what, to: { kind: 'download' } });
  expect([state, target]).toEqual(['running', null]);
  const download = service.download(id);
  const zip = await buffer(download.begin());
  expect([zip.length, (await unzipped(zip)).length]).toEqual([download.bytes, 2]);
  expect(await ended(id)).toMatchObject({ state: 'done', filesDone: 2, bytesDone: 16_000_000 });
  expect(() => service.download(id)).toThrow(/over/);
});

it('a download ends with whoever fetches it, with its cancellation, and with what fails', async () => {
  const { service, batchOf, ended } = await openExports();
  const { what, out } = await batchOf(['a.png', 'b.png'], { contents: () => LARGE });
  const begin = async () => {
    const { id } = await service.create({ what, to: { kind: 'download' } });
    const body = service.download(id).begin();
    return { id, body };
  };
  const left = await begin();
  await once(left.body, 'readable');
  expect(() => service.download(left.id)).toThrow(/over/);
  left.body.destroy();
  expect((await ended(left.id)).state).toBe('cancelled');

  const cancelled = await begin();
  const closed = once(cancelled.body, 'close').catch(() => {});
  cancelled.body.on('error', () => {});
  await service.cancel(cancelled.id);
  await closed;
  expect((await ended(cancelled.id)).state).toBe('cancelled');

  const unfetched = await service.create({ what, to: { kind: 'download' } });
  await service.cancel(unfetched.id);
  expect((await ended(unfetched.id)).state).toBe('cancelled');

  const failing = await begin();
  await rm(join(out, 'b.png'));
  await expect(buffer(failing.body)).rejects.toMatchObject({ code: 'not-found' });
  expect(await ended(failing.id)).toMatchObject({
    state: 'failed',
    problems: [expect.stringContaining(join(out, 'b.png'))],
  });
});
