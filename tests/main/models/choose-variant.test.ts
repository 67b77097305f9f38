import { createHash } from 'node:crypto';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelsFolder } from '../../../src/main/installation.ts';
import { chooseVariant } from '../../../src/main/models/choose-variant.ts';
import { ModelRegistry, type RegisteredModel } from '../../../src/main/models/model-registry.ts';
import { temporaryFolder } from '../../support/pictures.ts';
import { startEngine } from '../real-engine.ts';

async function photoX4(folder = modelsFolder()): Promise<RegisteredModel> {
  return (await ModelRegistry.read(folder)).get('photo-x4');
}

/** A copy of photo-x4 whose int8 weights were replaced by what `change` makes of the fp32 ones. */
async function withInt8(change: (fp32: Buffer) => Buffer): Promise<RegisteredModel> {
  const folder = await temporaryFolder();
  await cp(join(modelsFolder(), 'photo-x4'), join(folder, 'photo-x4'), { recursive: true });
  const { manifest } = await photoX4(folder);
  const bytes = change(await readFile(join(folder, 'photo-x4', 'photo-x4.fp32.onnx')));
  await writeFile(join(folder, 'photo-x4', 'changed.onnx'), bytes);
  const entry = {
    dtype: 'uint8',
    range: [0, 255],
    file: 'changed.onnx',
    sha256: createHash('sha256').update(bytes).digest('hex'),
    bytes: bytes.length,
  };
  const [fp32] = manifest.variants.filter(({ id }) => id === 'fp32');
  const changed = { ...manifest, variants: [fp32, { id: 'int8', entries: [entry] }] };
  await writeFile(join(folder, 'photo-x4', 'manifest.json'), JSON.stringify(changed));
  return photoX4(folder);
}

/** Enough float32 in a row to be the weights of a convolution and nothing else. */
const RUN = 4_000;

/** The network with the weights of one of its layers zeroed: still valid, and wrong. */
function withoutWeights(onnx: Buffer): Buffer {
  const isWeight = (offset: number) => {
    const value = Math.abs(onnx.readFloatLE(offset));
    return value === 0 || (value > 1e-9 && value < 8);
  };
  const changed = Buffer.from(onnx);
  for (let start = 0; start + 4 * RUN <= onnx.length; start++) {
    let end = start;
    while (end + 4 <= onnx.length && isWeight(end)) end += 4;
    if (end - start >= 4 * RUN) return changed.fill(0, start, end);
  }
  throw new Error('There are no float32 weights in this file.');
}

describe('chooseVariant', () => {
  it('takes int8 exactly where it is as good as fp32 and faster, by measurement', async () => {
    const { variant, measured } = await chooseVariant(await photoX4(), await startEngine());
    const faster = measured !== undefined && measured.candidate < measured.reference;
    expect(measured?.psnr).toBeGreaterThan(35);
    expect(variant).toBe(faster ? 'int8' : 'fp32');
  });

  it('finds equal weights equal', async () => {
    const model = await withInt8((fp32) => fp32);
    expect((await chooseVariant(model, await startEngine())).measured?.psnr).toBe(99);
  });

  it('does not trust an int8 that computes something else', async () => {
    const model = await withInt8(withoutWeights);
    const { variant, measured } = await chooseVariant(model, await startEngine());
    expect(measured?.psnr).toBeLessThan(35);
    expect(variant).toBe('fp32');
  });

  it('has nothing to compare in a model of one variant', async () => {
    const { manifest, folder } = await photoX4();
    const engine = await startEngine();
    const choices = [];
    for (const only of ['fp32', 'int8']) {
      const variants = manifest.variants.filter(({ id }) => id === only);
      choices.push(
        await chooseVariant({ manifest: { ...manifest, variants }, folder, origin: 'shipped' }, engine),
      );
    }
    expect(choices).toEqual([{ variant: 'fp32' }, { variant: 'int8' }]);
  });

  it('leaves half precision to graphics processors', async () => {
    const { manifest, folder } = await photoX4();
    const [fp32] = manifest.variants.filter(({ id }) => id === 'fp32');
    const [fp16] = manifest.variants.filter(({ id }) => id === 'fp16');
    if (!fp32 || !fp16) throw new Error('photo-x4 ships without half precision.');
    const model = { manifest: { ...manifest, variants: [fp16, fp32] }, folder, origin: 'shipped' as const };
    expect(await chooseVariant(model, await startEngine())).toEqual({ variant: 'fp32' });
  });

  it('names the file of a variant that was damaged', async () => {
    const model = await withInt8((fp32) => fp32);
    await writeFile(join(model.folder, 'changed.onnx'), 'damaged');
    await expect(chooseVariant(model, await startEngine())).rejects.toMatchObject({
      code: 'model-invalid',
      file: join(model.folder, 'changed.onnx'),
    });
  });
});
