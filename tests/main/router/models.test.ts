import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Input } from '../../../src/shared/contract/input.ts';
import { writePicture } from '../../support/pictures.ts';
import { newBatch } from '../jobs/made-up-jobs.ts';
import { networkFile } from '../models/store/opened-store.ts';
import { Page, startShell } from '../shells/web-page.ts';

it('a model of one’s own: uploaded, examined, added, used, changed and removed', async () => {
  const { web, root } = await startShell();
  const page = await Page.open(web);
  const listener = await page.listen();
  const { models, batches, settings } = page.client;
  const { uploads } = web.application.services.places;
  const shipped = (await models.list()).map(({ id }) => id);
  const { id: upload } = await page.upload('Mine_x2.onnx', await readFile(await networkFile('a.onnx')));
  const source: Input = { kind: 'upload', id: upload };

  const { findings, manifest } = await models.examine({ source });
  expect(manifest).toMatchObject({ id: 'mine-x2', scale: 2, source: 'Mine_x2.onnx' });
  expect(findings.questions.map(({ id }) => id)).toContain('range');
  const added = await models.add({
    source,
    id: 'mine',
    answers: { range: '0..1' },
    change: { licence: 'MIT' },
  });
  expect(added).toMatchObject({
    ...{ id: 'mine', origin: 'added', licence: 'MIT', scale: 2, channels: 3, exact: true, speed: null },
    variants: [{ id: 'fp32', bytes: added.bytes }],
  });
  expect(uploads?.bytes).toBe(0);
  const known = await models.list();
  expect(known.map(({ id, origin }) => [id, origin])).toEqual([
    ...shipped.map((id) => [id, 'shipped']),
    ['mine', 'added'],
  ]);
  await listener.until((event) => event.models === true);

  await settings.set({ recipe: { ...(await settings.get()).recipe, model: 'mine', format: 'png' } });
  await writePicture(join(root, 'a.png'), { width: 40, height: 30 });
  const batch = await batches.create({
    inputs: [{ kind: 'path', path: 'a.png' }],
    out: { kind: 'path', path: 'out' },
    recipe: { model: 'mine' },
  });
  await listener.batchIs(batch.id, 'done');

  const { jobs } = web.application.services;
  const waiting = await jobs.addBatch(newBatch('a', { recipe: { model: 'mine' } }));
  await expect(models.remove({ id: 'mine' })).rejects.toMatchObject({ data: { code: 'in-use' } });
  await batches.cancel({ batchId: waiting });
  expect(await models.change({ id: 'mine', change: { title: 'Better' } })).toMatchObject({ title: 'Better' });
  await models.remove({ id: 'mine' });
  expect((await models.list()).map(({ id }) => id)).toEqual(shipped);
  expect((await settings.get()).recipe).toMatchObject({ model: 'photo-x2', format: 'png' });
});

it('errors are typed, and name files as their user knows them', async () => {
  const { web, root } = await startShell();
  const page = await Page.open(web);
  const { client } = page;
  await writeFile(join(root, 'a.onnx'), 'no model');
  const { id } = await page.upload('b.onnx', Buffer.from('no model either'));
  const token = await web.application.services.places.tokens.offer(join(root, 'a.onnx'));
  const failures = [];
  for (const source of [{ kind: 'upload', id }, { kind: 'path', path: 'a.onnx' }, token.input] as Input[]) {
    failures.push(await client.models.examine({ source }).catch(({ data }) => [data.code, data.file]));
  }
  expect(failures).toEqual([
    ['model-invalid', 'b.onnx'],
    ['model-invalid', join(root, 'a.onnx')],
    ['model-invalid', join(root, 'a.onnx')],
  ]);
  await expect(client.models.examine({ source: { kind: 'path', path: '../x.onnx' } })).rejects.toMatchObject({
    data: { code: 'permission-denied' },
  });
  await expect(client.models.remove({ id: 'photo-x2' })).rejects.toMatchObject({
    data: { code: 'permission-denied' },
  });
  await expect(client.models.change({ id: 'none', change: {} })).rejects.toMatchObject({
    data: { code: 'bad-argument' },
  });
});

it('models have a limit of their own among uploads', async () => {
  const { web } = await startShell({ uploads: { bytesPerFile: 10, bytesPerModel: 100 } });
  const page = await Page.open(web);
  const status = async (name: string, bytes: number) =>
    (await page.post(`/upload?name=${name}`, Buffer.alloc(bytes), { 'content-length': bytes })).status;
  expect([await status('a.ONNX', 100), await status('a.onnx', 101), await status('a.jpg', 11)]).toEqual([
    201, 413, 413,
  ]);
  expect((await page.client.capabilities()).uploads).toMatchObject({ bytesPerFile: 10, bytesPerModel: 100 });
});
