import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RegisteredModel } from '../../../src/main/models/model-registry.ts';
import { resolvePlan, sessionSpec } from '../../../src/main/models/resolve-plan.ts';
import { manifestSchema } from '../../../src/shared/models.ts';
import { planSchema, sessionKey } from '../../../src/shared/plan.ts';

const FOLDER = join('/models', 'test');
const hash = (digit: string) => digit.repeat(64);
const entry = (dtype: 'uint8' | 'float32', file: string, sha256: string) => ({
  dtype,
  range: dtype === 'uint8' ? [0, 255] : [0, 1],
  file,
  sha256,
  bytes: 1000,
});
const FP32 = {
  id: 'fp32',
  entries: [entry('uint8', 'a.onnx', hash('a')), entry('float32', 'b.onnx', hash('b'))],
};
const INT8 = { id: 'int8', entries: [entry('uint8', 'c.onnx', hash('c'))] };

function modelWith(variants: unknown[], change: object = {}): RegisteredModel {
  const manifest = manifestSchema.parse({
    formatVersion: 1,
    id: 'test',
    title: 'Test',
    description: '',
    task: 'upscale',
    scale: 4,
    receptiveRadius: 12,
    padding: 'valid',
    licence: 'MIT',
    source: 'here',
    layout: 'NHWC',
    channelOrder: 'RGB',
    tile: { cpu: [512, 256] },
    parameters: 1,
    variants,
    ...change,
  });
  return { manifest, folder: FOLDER, origin: 'shipped' };
}

let model: RegisteredModel;
beforeAll(() => {
  model = modelWith([FP32, INT8]);
});

const spec = (variant: string, dtype: string, file: string, sha256: string, threads: number) => ({
  modelId: 'test',
  variant,
  dtype,
  file: join(FOLDER, file),
  sha256,
  provider: 'cpu',
  threads,
});

describe('resolvePlan', () => {
  it('holds all that the result depends on', () => {
    const plan = resolvePlan(model, { variant: 'fp32', threads: 2 });
    expect(planSchema.parse(plan)).toEqual({
      modelId: 'test',
      scale: 4,
      receptiveRadius: 12,
      tile: { width: 512, height: 256 },
      shallow: spec('fp32', 'uint8', 'a.onnx', hash('a'), 2),
      deep: spec('fp32', 'float32', 'b.onnx', hash('b'), 2),
    });
  });

  it('gives deep pictures to fp32 where int8 has no entry for them', () => {
    const { shallow, deep } = resolvePlan(model, { variant: 'int8', threads: 1 });
    expect([shallow, deep]).toEqual([
      spec('int8', 'uint8', 'c.onnx', hash('c'), 1),
      spec('fp32', 'float32', 'b.onnx', hash('b'), 1),
    ]);
  });

  it('takes the tile that was asked for instead of the hint', () => {
    expect(resolvePlan(model, { variant: 'fp32', threads: 1, tile: 64 }).tile).toEqual({
      width: 64,
      height: 64,
    });
  });

  it('gives pictures of eight bits to float32 where there is nothing else', () => {
    const { shallow, deep } = resolvePlan(modelWith([{ ...FP32, entries: FP32.entries.slice(1) }]), {
      variant: 'fp32',
      threads: 1,
    });
    expect([shallow, deep]).toEqual(Array(2).fill(spec('fp32', 'float32', 'b.onnx', hash('b'), 1)));
  });

  it('gives deep pictures to uint8 where there is nothing else', () => {
    const { shallow, deep } = resolvePlan(modelWith([INT8]), { variant: 'int8', threads: 1 });
    expect([shallow, deep]).toEqual(Array(2).fill(spec('int8', 'uint8', 'c.onnx', hash('c'), 1)));
  });

  it('says what values black and white are where they are not the usual ones', () => {
    const entries = [{ ...entry('float32', 'b.onnx', hash('b')), range: [-1, 1] }];
    const { shallow } = resolvePlan(modelWith([{ id: 'fp32', entries }]), { variant: 'fp32', threads: 1 });
    expect(shallow).toEqual({ ...spec('fp32', 'float32', 'b.onnx', hash('b'), 1), range: [-1, 1] });
  });

  const STRENGTH = { input: 's', dtype: 'float32', dims: [], from: 0, to: 75, default: 0.2 };

  it.each([
    [undefined, 0.2],
    [0, 0],
    [0.6, 0.6],
  ])('has the strength that was asked for, or the own one of the model (%s)', (asked, strength) => {
    const strong = modelWith([FP32], { strength: STRENGTH });
    const plan = resolvePlan(strong, { variant: 'fp32', threads: 1, strength: asked });
    expect(planSchema.parse(plan)).toMatchObject({ strength, network: { strength: STRENGTH } });
    expect(resolvePlan(model, { variant: 'fp32', threads: 1, strength: asked })).not.toHaveProperty(
      'strength',
    );
  });

  it('has none where the network always gets the same number, whatever is asked for', () => {
    const pinned = { ...STRENGTH, from: 0.5, to: 0.5 };
    const plan = resolvePlan(modelWith([FP32], { strength: pinned }), {
      ...{ variant: 'fp32', threads: 1, strength: 0.6 },
    });
    expect(plan).toMatchObject({ network: { strength: pinned } });
    expect(plan).not.toHaveProperty('strength');
  });

  it.each([
    [{ multiple: 24 }, { width: 504, height: 240 }],
    [{ fixed: [96, 64] }, { width: 72, height: 40 }],
  ])('has tiles that the network can be given: %o', (change, tile) => {
    const plan = resolvePlan(modelWith([FP32], change), { variant: 'fp32', threads: 1 });
    expect(plan.tile).toEqual(tile);
    expect(plan.network).toMatchObject(change);
  });

  it('names the model whose input has no room for a tile', () => {
    const small = modelWith([FP32], { fixed: [24, 24] });
    expect(() => resolvePlan(small, { variant: 'fp32', threads: 1 })).toThrow(
      expect.objectContaining({
        code: 'model-invalid',
        message: expect.stringMatching(/^Model 'test': The network takes 24×24 pixels and looks at 12/),
      }),
    );
  });

  it('names the variants there are for one that is not', () => {
    const plain = modelWith([FP32]);
    expect(() => resolvePlan(plain, { variant: 'int8', threads: 1 })).toThrow(
      expect.objectContaining({
        code: 'bad-argument',
        message: "Model 'test' has no variant 'int8' (it has: fp32).",
      }),
    );
  });
});

it('sessionSpec is undefined for what a model does not have', () => {
  expect([
    sessionSpec(model, 'int8', 'float32', 1),
    sessionSpec(modelWith([INT8]), 'fp32', 'uint8', 1),
  ]).toEqual([undefined, undefined]);
});

it('sessions are the same for the same weights run the same way', () => {
  const specs = [1, 2].flatMap((threads) => {
    const { shallow, deep } = resolvePlan(model, { variant: 'fp32', threads });
    return [shallow, deep, { ...shallow, file: '/elsewhere/a.onnx' }];
  });
  expect(specs.map(sessionKey)).toEqual([
    `${hash('a')}/cpu/1`,
    `${hash('b')}/cpu/1`,
    `${hash('a')}/cpu/1`,
    `${hash('a')}/cpu/2`,
    `${hash('b')}/cpu/2`,
    `${hash('a')}/cpu/2`,
  ]);
});
