import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { findLayers } from '../../../src/engine/quantisation/layers.ts';
import { Network } from '../../../src/engine/quantisation/network.ts';
import { readModel, writeModel } from '../../../src/engine/quantisation/onnx-model.ts';
import { planQuantisation } from '../../../src/engine/quantisation/quantisation-plan.ts';
import { quantisedModel } from '../../../src/engine/quantisation/quantised-model.ts';
import type { Range } from '../../../src/engine/quantisation/steps.ts';
import { upgradeOpset } from '../../../src/engine/quantisation/upgrade-opset.ts';
import { field, intsAttribute } from '../../support/onnx.ts';
import { compactNetwork, denseNetwork, NetworkWriter } from './networks.ts';

const SIDE = 12;
const input = new Tensor(
  'float32',
  Float32Array.from({ length: 3 * SIDE * SIDE }, (_, index) => (1 + Math.sin(index)) / 2),
  [1, 3, SIDE, SIDE],
);

async function resultOf(model: Uint8Array): Promise<Float32Array> {
  const session = await InferenceSession.create(model, { logSeverityLevel: 4 });
  const { output } = await session.run({ input });
  await session.release();
  return output?.data as Float32Array;
}

/** The network in eight bits, every range wide enough for all that it computes. */
function quantised(bytes: Uint8Array, reach: number, floatLayers: readonly string[] = []): Uint8Array {
  const model = readModel(bytes);
  upgradeOpset(model, 'model.onnx');
  const network = new Network(model);
  const plan = planQuantisation(network, findLayers(network), {
    between: true,
    floatLayers: new Set(floatLayers),
  });
  const ranges = new Map<string, Range>(
    [...plan.whole, ...plan.rounded].map((name) => [name, [-reach, reach]]),
  );
  return writeModel(quantisedModel(network, plan, { ranges, weightBits: 8 }));
}

const largest = (a: Float32Array, b: Float32Array) =>
  a.reduce((most, value, index) => Math.max(most, Math.abs(value - (b[index] ?? Number.NaN))), 0);

describe('a model', () => {
  it('that is read and written again computes the same', async () => {
    const bytes = denseNetwork({ width: 8, growth: 4 });
    expect(await resultOf(writeModel(readModel(bytes)))).toEqual(await resultOf(bytes));
  });

  it('keeps what nobody here knows about', () => {
    const more = field(999, 'something of later versions');
    const written = Buffer.from(writeModel(readModel(Buffer.concat([compactNetwork({ layers: 1 }), more]))));
    expect(written.includes(more)).toBe(true);
  });

  it('of older operators is taken to those that know scales for each channel', async () => {
    const net = new NetworkWriter();
    const value = net.conv('input', [3, 3]);
    const more = net.add('Unsqueeze', [value], [intsAttribute('axes', [4])]);
    net.add('Squeeze', [more], [intsAttribute('axes', [4])], 'output');
    const bytes = net.file({ opset: 11 });
    const model = readModel(bytes);
    upgradeOpset(model, 'model.onnx');
    expect(Number(model.opsetImport[0]?.version)).toBe(13);
    expect(await resultOf(writeModel(model))).toEqual(await resultOf(bytes));
    expect(largest(await resultOf(quantised(bytes, 2)), await resultOf(bytes))).toBeLessThan(0.05);
  });

  it.each([
    ['version 9', 'Relu', 9],
    ['version 12 with Softmax', 'Softmax', 12],
  ])('of %s is refused', (what, operator, opset) => {
    const net = new NetworkWriter();
    net.add(operator, [net.conv('input', [3, 3])], [], 'output');
    const model = readModel(net.file({ opset }));
    expect(() => upgradeOpset(model, 'model.onnx')).toThrow(
      `model.onnx: is written in ${what} of ONNX's operators. Export it again with version 13 or later.`,
    );
  });
});

describe('a network in eight bits', () => {
  it('joins a rectifier to the convolution before it, and a limit, too', async () => {
    const net = new NetworkWriter();
    const relu = net.add('Relu', [net.conv('input', [3, 8])]);
    const limits = [net.floats([0], []), net.floats([6], [])];
    const clip = net.add('Clip', [net.conv(relu, [8, 8]), ...limits]);
    net.conv(clip, [8, 3], {}, 'output');
    const bytes = net.file();
    const network = new Network(readModel(bytes));
    const layers = findLayers(network);
    expect(layers.map(({ activation }) => activation?.opType)).toEqual(['Relu', 'Clip', undefined]);
    const plan = planQuantisation(network, layers, { between: true, floatLayers: new Set() });
    expect([...plan.dropped].map(({ opType }) => opType)).toEqual(['Relu', 'Clip']);
  });

  it('does matrix products, pools and what only moves values about', async () => {
    const net = new NetworkWriter(5);
    const value = net.add(
      'MaxPool',
      [net.conv('input', [3, 8])],
      [intsAttribute('kernel_shape', [3, 3]), intsAttribute('pads', [1, 1, 1, 1])],
    );
    const last = net.add('Transpose', [value], [intsAttribute('perm', [0, 2, 3, 1])]);
    const weights = net.floats(
      Float32Array.from({ length: 24 }, (_, i) => Math.cos(i) / 4),
      [8, 3],
    );
    const product = net.add('MatMul', [last, weights]);
    net.add('Transpose', [product], [intsAttribute('perm', [0, 3, 1, 2])], 'output');
    const bytes = net.file();
    expect(findLayers(new Network(readModel(bytes))).map(({ node }) => node.opType)).toEqual([
      'Conv',
      'MatMul',
    ]);
    expect(largest(await resultOf(quantised(bytes, 2)), await resultOf(bytes))).toBeLessThan(0.06);
  });

  it('stores the weights of a transposed convolution in eight bits, and computes it in float', async () => {
    const net = new NetworkWriter(6);
    const values = Float32Array.from({ length: 8 * 3 * 4 }, (_, i) => Math.cos(i) / 4);
    const names = [net.floats(values, [8, 3, 2, 2]), net.floats([0.1, 0.2, 0.3], [3])];
    net.add(
      'ConvTranspose',
      [net.conv('input', [3, 8]), ...names],
      [intsAttribute('strides', [2, 2])],
      'output',
    );
    const bytes = net.file();
    const small = quantised(bytes, 2);
    const { graph } = readModel(small);
    const [scale] = graph.initializer.filter(({ name }) => name.endsWith('output/weight.scale'));
    expect(scale?.dims).toEqual([3n]);
    expect(largest(await resultOf(small), await resultOf(bytes))).toBeLessThan(0.06);
  });

  it('goes on between layers that stay in float', async () => {
    const bytes = denseNetwork({ width: 8, growth: 4 });
    const exact = await resultOf(bytes);
    const names = findLayers(new Network(readModel(bytes))).map(({ name }) => name);
    const some = quantised(
      bytes,
      4,
      names.filter((_, index) => index % 2 === 0),
    );
    const all = quantised(bytes, 4, names);
    expect(largest(await resultOf(some), exact)).toBeLessThan(0.2);
    expect(largest(await resultOf(all), exact)).toBeLessThan(1e-5);
  });
});
