import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { mediaUrl } from '../../../src/shared/contract/media.ts';
import { temporaryFolder, writePicture } from '../../support/pictures.ts';
import { unzipped } from '../../support/unzipped.ts';
import { Page, QUICK, startShell } from './web-page.ts';

it('a picture goes up, is enlarged, and comes down as it was written', async () => {
  const { web, state } = await startShell();
  const page = await Page.open(web);
  const listener = await page.listen();
  const source = await writePicture(join(await temporaryFolder(), 'Fjörd.png'));
  const uploaded = await page.upload('C:\\photos\\Fjörd.png', await readFile(source));
  expect(uploaded).toMatchObject({ name: 'Fjörd.png' });

  const request = {
    inputs: [{ kind: 'upload' as const, id: uploaded.id }],
    out: { kind: 'kept' as const },
    recipe: QUICK,
  };
  const plan = await page.client.batches.plan(request);
  expect(plan).toMatchObject({
    out: null,
    counts: { files: 1, skipped: 0, refused: 0 },
    pixels: 37 * 29 * 4,
    files: [{ format: 'png', notes: [], resultSize: { width: 74, height: 58 } }],
  });
  const batch = await page.client.batches.create(request);
  await listener.batchIs(batch.id, 'done');

  const [file] = await page.client.batches.files({ batchId: batch.id });
  const target = file?.result?.target as string;
  const written = await readFile(target);
  const told = listener.events.findLast(({ files }) => files?.some(({ id }) => id === file?.id));
  expect(told?.files?.find(({ id }) => id === file?.id)).toEqual(file);
  const id = file?.id as number;
  const download = await page.get(mediaUrl('/media', { kind: 'download', id }));
  expect([download.status, download.body.equals(written)]).toEqual([200, true]);
  expect(download.headers).toMatchObject({
    'content-type': 'image/png',
    'content-length': String(written.length),
    'content-disposition': `attachment; filename="Fj_rd-x2.png"; filename*=UTF-8''Fj%C3%B6rd-x2.png`,
  });
  const head = await page.get(mediaUrl('/media', { kind: 'download', id }), { method: 'HEAD' });
  expect([head.status, head.headers['content-length'], head.body.length]).toEqual([
    200,
    String(written.length),
    0,
  ]);

  const preview = await page.get(mediaUrl('/media', { kind: 'result', id, side: 64 }));
  expect(await sharp(preview.body).metadata()).toMatchObject({ format: 'jpeg', width: 64, height: 50 });
  const again = await page.get(mediaUrl('/media', { kind: 'result', id, side: 64 }), {
    headers: { 'if-none-match': preview.headers.etag },
  });
  expect([again.status, again.body.length]).toEqual([304, 0]);

  await page.client.batches.clear({ batchIds: [batch.id] });
  await listener.until(({ cleared }) => cleared?.includes(batch.id) === true);
  expect([await readdir(join(state, 'uploads')), await readdir(join(state, 'results'))]).toEqual([[], []]);
});

it('a folder below the root is enlarged and comes down as one ZIP that mirrors it', async () => {
  const { web, root } = await startShell();
  const page = await Page.open(web);
  const listener = await page.listen();
  await mkdir(join(root, 'in', 'sub'), { recursive: true });
  await writePicture(join(root, 'in', 'A.png'), { seed: 1 });
  await writePicture(join(root, 'in', 'sub', 'Zoë.png'), { seed: 2 });

  expect(await page.client.browse({ path: 'in' })).toEqual({
    path: 'in',
    parent: '',
    entries: [
      { kind: 'folder', name: 'sub', path: 'in/sub' },
      { kind: 'picture', name: 'A.png', path: 'in/A.png', bytes: expect.any(Number) },
    ],
    left: 0,
  });
  const request = {
    inputs: [{ kind: 'path' as const, path: 'in' }],
    out: { kind: 'path' as const, path: 'new/out' },
    recipe: QUICK,
  };
  await page.client.batches.plan(request);
  expect(await readdir(root)).toEqual(['in']);
  const { id, out } = await page.client.batches.create(request);
  await listener.batchIs(id, 'done');

  const zip = await page.get(mediaUrl('/media', { kind: 'zip', id }));
  expect([zip.status, zip.headers['content-length']]).toEqual([200, String(zip.body.length)]);
  const entries = await unzipped(zip.body);
  expect(Object.keys(entries).sort()).toEqual(['A-x2.png', 'sub/Zoë-x2.png']);
  for (const [name, bytes] of Object.entries(entries))
    expect(bytes.equals(await readFile(join(out, name)))).toBe(true);

  const path = { kind: 'path' as const, path: 'in/A.png', side: 32 };
  expect((await page.get(mediaUrl('/media', path))).status).toBe(200);
});
