import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { channelsLast } from '../../support/networks/boundaries.ts';
import { compact, esrgan, unshuffled } from '../../support/networks/real-esrgan.ts';
import { shrinking } from '../../support/networks/sizes.ts';
import { FLOAT16 } from '../../support/onnx.ts';
import { temporaryFolder } from '../../support/pictures.ts';
import { openStore } from './store/opened-store.ts';

async function brought(name: string, bytes: Uint8Array): Promise<string> {
  const file = join(await temporaryFolder(), name);
  await writeFile(file, bytes);
  return file;
}

it.each([
  ['pixel-unshuffle', () => unshuffled(), { multiple: 2 }],
  ['a strength', () => compact({ denoise: true, more: [['dn', 1, [1]]] }), { strength: { from: 0, to: 1 } }],
  ['a shrinking one of one channel', () => shrinking({ channels: 1 }), { channels: 1 }],
  ['channels last', () => channelsLast(), { layout: 'NHWC' }],
] as const)('the community’s networks become models: %s', { timeout: 180_000 }, async (_, make, known) => {
  const { store } = await openStore();
  const { manifest } = await store.add({ path: await brought('network.onnx', make()) });
  expect(manifest).toMatchObject(known);
});

it('a network of float16 becomes a model as it was converted, and is known again', {
  timeout: 180_000,
}, async () => {
  const { store, inside } = await openStore();
  const bytes = esrgan({}, { type: FLOAT16 });
  const path = await brought('half.onnx', bytes);
  const { manifest, folder } = await store.add({ path });
  const [entry] = manifest.variants[0]?.entries ?? [];
  const kept = await readFile(join(folder, entry?.file ?? ''));
  expect([entry?.dtype, entry?.bytes, kept.equals(bytes)]).toEqual(['float32', kept.length, false]);
  const before = await inside();
  await expect(store.add({ path })).rejects.toMatchObject({ code: 'collision' });
  expect(await inside()).toEqual(before);
});
