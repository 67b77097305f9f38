import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keptFindings } from '../../../src/main/models/store/kept-findings.ts';
import { face } from '../../support/networks/boundaries.ts';
import { esrgan } from '../../support/networks/real-esrgan.ts';
import { FLOAT16 } from '../../support/onnx.ts';
import { temporaryFolder } from '../../support/pictures.ts';
import { networkFile, openStore } from './store/opened-store.ts';
import { overheard } from './watched-host.ts';

const LONG = 180_000;

async function fileOf(bytes: Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), 'upload-1');
  await writeFile(path, bytes);
  return path;
}

it('what a name says counts, whatever the file is called by then', { timeout: LONG }, async () => {
  const { store } = await openStore();
  const path = await fileOf(face({ side: 256, weight: false }));
  const known = { path, name: 'GFPGAN.onnx' };
  expect((await store.examine({ path, name: 'other.onnx' })).findings.task).toBe('restore');
  expect((await store.add(known)).manifest.task).toBe('face-restore');
});

it('what was found of a file that is converted is kept, and only its conversion done again', {
  timeout: LONG,
}, async () => {
  const { host, messages } = overheard();
  const { store } = await openStore({ host });
  const path = await fileOf(esrgan({}, { type: FLOAT16 }));
  const { findings } = await store.examine({ path, name: 'half.onnx' });
  const { folder } = await store.add({ path, name: 'half.onnx' });
  expect(findings.converted).toMatchObject({ sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(await keptFindings(folder)).toEqual(findings);
  const asked = messages.filter(({ request }) => request === 'examineModel');
  expect(asked).toMatchObject([{ input: { name: 'half.onnx' } }, { input: { known: findings } }]);
  expect(asked[0]?.input).not.toHaveProperty('known');
});

describe('a change that is tried', () => {
  it('is refused if results do not depend on the picture', { timeout: LONG }, async () => {
    const { store } = await openStore();
    const path = await networkFile('a.onnx');
    const change = { range: [1e6, 1e6 + 1] as [number, number] };
    await expect(store.add({ path }, { change })).rejects.toMatchObject({
      code: 'model-invalid',
      message: expect.stringMatching(/makes the same of two different pictures/),
    });
  });

  it('is tried with its own tile, where that is what it is about', { timeout: LONG }, async () => {
    const { host, messages } = overheard();
    const { store } = await openStore({ host });
    const path = await networkFile('a.onnx');
    await store.add({ path });
    await rm(path);
    messages.length = 0;
    await store.change('a', { tile: [96, 80] });
    const tiles = () =>
      messages.flatMap(({ request, input }) =>
        request === 'loadSession' ? [(input as { tile: object }).tile] : [],
      );
    expect(tiles()).toEqual([
      { width: 64, height: 64 },
      { width: 96, height: 80 },
    ]);
    await expect(store.change('a', { tile: [8192, 8192] })).rejects.toMatchObject({
      code: 'bad-argument',
      message: expect.stringMatching(/^a: Tiles of 8192 × 8192 pixels would take .+ Choose smaller ones\.$/),
    });
    expect(tiles()).toHaveLength(3);
  });
});
