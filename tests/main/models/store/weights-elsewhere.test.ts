import { readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compactNetwork } from '../../../engine/quantisation/networks.ts';
import { divided, writeDivided } from '../../../support/networks/divided.ts';
import { temporaryFolder } from '../../../support/pictures.ts';
import { networkFile, openStore } from './opened-store.ts';

/** Several engines, one after the other. */
const LONG = 180_000;

const network = compactNetwork({ width: 4, layers: 1, scale: 2 });

/** The file of a network whose weights lie beside it. */
async function twoFiles(onnx = network, name = 'Mine_x2.onnx') {
  const folder = await temporaryFolder();
  const path = await writeDivided(
    folder,
    divided(onnx, () => `${name}.data`),
    name,
  );
  return { path, folder };
}

describe('a network whose weights lie beside it', { timeout: LONG }, () => {
  it('becomes a model as one that has them inside', async () => {
    const { store, inside } = await openStore();
    const file = await twoFiles();
    const { findings, manifest } = await store.examine(file);
    const model = await store.add(file, { id: 'mine' });
    expect(model.manifest).toEqual({ ...manifest, id: 'mine', variants: model.manifest.variants });
    const [entry] = model.manifest.variants[0]?.entries ?? [];
    expect(entry).toMatchObject({ ...findings.converted, file: 'mine.fp32.onnx' });
    expect((await readFile(join(model.folder, 'mine.fp32.onnx'))).equals(network)).toBe(true);
    expect((await inside()).sort()).toEqual(
      ['mine', 'mine/findings.json', 'mine/manifest.json', 'mine/mine.fp32.onnx'].sort(),
    );
    // It is the same model, however many files it lies in.
    const whole = await networkFile('whole.onnx');
    for (const again of [
      () => store.examine(file),
      () => store.add(file),
      () => store.add({ path: whole }),
    ]) {
      await expect(again()).rejects.toMatchObject({
        code: 'collision',
        message: expect.stringMatching(/^\S+\.onnx: is here already, as the model 'mine'\.$/),
      });
    }
  });

  it('is another model with other weights', async () => {
    const { store } = await openStore();
    const file = await twoFiles();
    const data = join(file.folder, 'Mine_x2.onnx.data');
    const first = await store.add(file);
    const bytes = await readFile(data);
    bytes.writeFloatLE(bytes.readFloatLE(0) + 0.01, 0);
    await writeFile(data, bytes);
    const second = await store.add(file);
    expect(second.manifest.id).toBe('mine-x2-2');
    const weights = ({ manifest }: typeof first) => manifest.variants[0]?.entries[0]?.sha256;
    expect(weights(second)).not.toBe(weights(first));
  });

  it('is refused without them, by the name that its user knows, and nothing is left', async () => {
    const { store, inside } = await openStore();
    const { path, folder } = await twoFiles();
    await expect(store.add({ path, name: 'mine.onnx' })).rejects.toMatchObject({
      ...{ code: 'model-invalid', file: 'mine.onnx' },
      message: expect.stringMatching(/"Mine_x2\.onnx\.data", which did not come with it/),
    });
    await rm(`${path}.data`);
    const name = join(basename(dirname(path)), 'Mine_x2.onnx');
    for (const call of [store.examine({ path, name, folder }), store.add({ path, name, folder })]) {
      await expect(call).rejects.toMatchObject({
        code: 'model-invalid',
        file: name,
        message:
          `${name}: this is not a model that Enlarger can use (its weights lie in "Mine_x2.onnx.data", ` +
          'which is not beside it). Put Mine_x2.onnx.data beside Mine_x2.onnx and add it again.',
      });
    }
    expect(await inside()).toEqual([]);
  });
});
