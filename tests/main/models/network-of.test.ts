import { describe, expect, it } from 'vitest';
import { modelsFolder } from '../../../src/main/installation.ts';
import { ModelRegistry } from '../../../src/main/models/model-registry.ts';
import { networkOf } from '../../../src/main/models/network-of.ts';
import { type ModelManifest, manifestSchema } from '../../../src/shared/models.ts';

const entry = { dtype: 'uint8', range: [0, 255], file: 'a.onnx', sha256: 'a'.repeat(64), bytes: 1 };

function manifest(change: Partial<ModelManifest> = {}): ModelManifest {
  return manifestSchema.parse({
    ...{ formatVersion: 1, id: 'test', title: 'Test', description: '', task: 'upscale', scale: 2 },
    ...{ receptiveRadius: 9, padding: 'valid', licence: 'MIT', source: 'here', layout: 'NHWC' },
    ...{ channelOrder: 'RGB', tile: { cpu: [64, 64] }, parameters: 1 },
    ...{ variants: [{ id: 'fp32', entries: [entry] }] },
    ...change,
  });
}

const USUAL = { layout: 'NHWC', channels: 3, channelOrder: 'RGB', trim: 18, multiple: 1 };
const STRENGTH = { input: 's', dtype: 'float32' as const, dims: [], from: 0, to: 1, default: 0.5 };

describe('networkOf', () => {
  it('is undefined for the models that ship: their plans stay what they were', async () => {
    const { models } = await ModelRegistry.read(modelsFolder());
    for (const id of ['photo-x2', 'photo-x4']) {
      const model = models.get(id);
      expect(model && networkOf(model.manifest), id).toBeUndefined();
    }
    expect(networkOf(manifest())).toBeUndefined();
    expect(networkOf(manifest({ padding: 18 }))).toBeUndefined();
  });

  it.each<[Partial<ModelManifest>, object]>([
    [{ layout: 'NCHW' }, { layout: 'NCHW' }],
    [{ channels: 1 }, { channels: 1 }],
    [{ channelOrder: 'BGR' }, { channelOrder: 'BGR' }],
    [{ padding: 'same' }, { trim: 0 }],
    [{ padding: 7 }, { trim: 7 }],
    [{ multiple: 4 }, { multiple: 4 }],
    [{ fixed: [64, 32] }, { fixed: [64, 32] }],
    [
      { input: 'in', output: 'out' },
      { input: 'in', output: 'out' },
    ],
    [{ strength: STRENGTH }, { strength: STRENGTH }],
  ])('says what is different: %o', (change, network) => {
    expect(networkOf(manifest(change))).toStrictEqual({ ...USUAL, ...network });
  });
});
