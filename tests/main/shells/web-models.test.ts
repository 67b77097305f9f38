import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { shiftNetwork } from '../../support/foreign-networks.ts';
import { temporaryFolder, writePicture } from '../../support/pictures.ts';
import { writeModel } from '../../support/write-model.ts';
import { Page, QUICK, startShell } from './web-page.ts';

beforeEach(async () => {
  const folder = await temporaryFolder();
  const strength = { input: 'strength', dtype: 'float32' as const, dims: [], from: 0, to: 1, default: 1 };
  const onnx = shiftNetwork({ strength: { dtype: 'float32', dims: [] } });
  await writeModel(folder, { id: 'restore-x1', task: 'restore', strength }, [{ onnx, dtype: 'float32' }]);
  await writeModel(folder, { id: 'faces', task: 'face-restore' }, [
    { onnx: shiftNetwork(), dtype: 'float32' },
  ]);
  vi.stubEnv('ENLARGER_MODELS', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

it('a page chooses how strongly a model works, and that is remembered', async () => {
  const { web } = await startShell();
  const page = await Page.open(web);
  const listener = await page.listen();
  const source = await writePicture(join(await temporaryFolder(), 'photo.png'));
  const { id } = await page.upload('photo.png', await readFile(source));
  const recipe = { ...QUICK, model: 'restore-x1', strength: 0 };
  const inputs = [{ kind: 'upload' as const, id }];
  const request = { inputs, out: { kind: 'kept' as const }, recipe };
  expect(await page.client.batches.plan(request)).toMatchObject({
    scale: 1,
    files: [{ resultSize: { width: 37, height: 29 } }],
  });
  const batch = await page.client.batches.create(request);
  await listener.batchIs(batch.id, 'done');
  const [file] = await page.client.batches.files({ batchId: batch.id });
  const { channels } = await sharp(file?.result?.target).stats();
  expect(channels.map(({ max }) => max)).toEqual([0, 0, 0]);
  const { recipe: kept } = await page.client.batches.get({ batchId: batch.id });
  expect(kept).toMatchObject({ model: 'restore-x1', scale: 1, strength: 0 });

  const faces = { ...request, recipe: { ...recipe, model: 'faces' } };
  await expect(page.client.batches.plan(faces)).rejects.toMatchObject({
    message: expect.stringMatching(
      /^Model 'faces' restores single faces; it cannot be used on whole pictures\./,
    ),
  });
});
