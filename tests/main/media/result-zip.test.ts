import { once } from 'node:events';
import { mkdir, readdir, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { fromBufferPromise } from 'yauzl';
import { attachment } from '../../../src/main/media/media-response.ts';
import { zipResults } from '../../../src/main/media/result-zip.ts';
import { openJobStore } from '../../../src/main/worker/open-job-store.ts';
import { startMainWorker } from '../../../src/main/worker/start-main-worker.ts';
import { temporaryFolder } from '../../support/pictures.ts';
import { plannedFile, resultAt } from '../jobs/made-up-jobs.ts';

/** A journal with a batch whose results stand at these paths, and what is in them. */
async function batchOf(targets: readonly string[], contents: (target: string) => string | Buffer = String) {
  const worker = startMainWorker();
  const { jobs } = await openJobStore(worker, await temporaryFolder());
  onTestFinished(async () => {
    await jobs.close();
    await worker.close();
  });
  const out = await temporaryFolder();
  await mkdir(join(out, 'sub'));
  const owner = await jobs.registerOwner();
  const files = targets.map((target, index) => ({
    ...plannedFile(String(index)),
    target: join(out, target),
  }));
  const id = await jobs.addBatch({ title: 'some', recipe: {}, out, shell: 'web', files });
  for (const file of await jobs.take(id, owner, targets.length)) {
    await writeFile(file.target, contents(file.target.slice(out.length + 1)));
    await jobs.finish(owner, file.id, { state: 'done', ...resultAt(file.target) });
  }
  return { jobs, id, out };
}

/** Files that this process has open, where the system tells. */
async function openFiles(): Promise<string[]> {
  const open = await readdir('/proc/self/fd').catch(() => []);
  return Promise.all(open.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')));
}

async function unzipped(zip: Buffer): Promise<[string, string][]> {
  const file = await fromBufferPromise(zip);
  const entries: [string, string][] = [];
  for await (const entry of file.eachEntry()) {
    expect([entry.compressionMethod, entry.compressedSize]).toEqual([0, entry.uncompressedSize]);
    entries.push([entry.fileName, String(await buffer(await file.openReadStreamPromise(entry)))]);
  }
  return entries;
}

it('holds every result under a name of its own, composed, and states its length', async () => {
  const decomposed = 'Zoë.png'.normalize('NFD');
  const { jobs, id } = await batchOf(
    ['a.png', 'A.png', 'sub/a.png', decomposed, 'zoË.png', 'empty.png'],
    (target) => (target === 'empty.png' ? '' : target),
  );
  const zip = await zipResults(jobs, id);
  const bytes = await buffer(zip?.body as NodeJS.ReadableStream);
  expect(zip?.bytes).toBe(bytes.length);
  expect(await unzipped(bytes)).toEqual([
    ['a.png', 'a.png'],
    ['A (2).png', 'A.png'],
    ['sub/a.png', 'sub/a.png'],
    ['Zoë.png', decomposed],
    ['zoË (2).png', 'zoË.png'],
    ['empty.png', ''],
  ]);
});

it('leaves out what is gone, or is a link now', async () => {
  const { jobs, id, out } = await batchOf(['a.png', 'b.png', 'c.png']);
  await rm(join(out, 'a.png'));
  await rm(join(out, 'b.png'));
  await symlink('/etc/hostname', join(out, 'b.png'));
  const zip = await zipResults(jobs, id);
  expect(await unzipped(await buffer(zip?.body as NodeJS.ReadableStream))).toEqual([['c.png', 'c.png']]);
  await rm(join(out, 'c.png'));
  expect(await zipResults(jobs, id)).toBeUndefined();
});

it('fails where a file goes in the middle, and reads no further than its reader', async () => {
  const large = Buffer.alloc(2_000_000, 'x');
  const { jobs, id, out } = await batchOf(['a.png', 'b.png'], () => large);
  const first = await zipResults(jobs, id);
  await rm(join(out, 'b.png'));
  await expect(buffer(first?.body as NodeJS.ReadableStream)).rejects.toMatchObject({ code: 'ENOENT' });

  await writeFile(join(out, 'b.png'), large);
  const second = await zipResults(jobs, id);
  const body = second?.body;
  await once(body as NonNullable<typeof body>, 'readable');
  body?.destroy();
  await once(body as NonNullable<typeof body>, 'close');
  // Closing a file is asked for, and done in its turn.
  while ((await openFiles()).some((path) => path.startsWith(out))) await stat(out);
});

it.each([
  ['a b.jpg', `attachment; filename="a b.jpg"; filename*=UTF-8''a%20b.jpg`],
  ['x"y\\z%.png', `attachment; filename="x_y_z_.png"; filename*=UTF-8''x%22y%5Cz%25.png`],
  ["l'été (2).tif", `attachment; filename="l'_t_ (2).tif"; filename*=UTF-8''l%27%C3%A9t%C3%A9%20%282%29.tif`],
  ['图.webp', `attachment; filename="_.webp"; filename*=UTF-8''%E5%9B%BE.webp`],
])('%s is saved under its name', (name, header) => {
  expect(attachment(`/out/${name}`)['content-disposition']).toBe(header);
});
