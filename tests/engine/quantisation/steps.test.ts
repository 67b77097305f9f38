import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseRange, chooseRanges } from '../../../src/engine/quantisation/choose-range.ts';
import { ValueHistogram } from '../../../src/engine/quantisation/histogram.ts';
import type { Layer } from '../../../src/engine/quantisation/layers.ts';
import { Network } from '../../../src/engine/quantisation/network.ts';
import { newNode, readModel } from '../../../src/engine/quantisation/onnx-model.ts';
import { packedLayer, packingFor } from '../../../src/engine/quantisation/packed-layer.ts';
import { safeWeightBits } from '../../../src/engine/quantisation/product-width.ts';
import { roundWeights, stepFor } from '../../../src/engine/quantisation/steps.ts';
import { NetworkWriter } from './networks.ts';

/** A convolution of 1×1 with three inputs and two outputs. */
const layer: Layer = {
  node: newNode('Conv', ['x', 'w', 'b'], ['y']),
  name: 'y',
  input: 'x',
  output: 'y',
  activation: undefined,
  weight: { values: Float32Array.of(1, -2, 0.5, 0, 0, 0), dims: [2, 3, 1, 1] },
  axis: 0,
  bias: Float32Array.of(1, 4),
  integer: true,
};

describe('steps', () => {
  it.each([
    [[0, 255], { scale: 1, zero: 0 }],
    [[-1, 1], { scale: Math.fround(2 / 255), zero: 128 }],
    [[2, 51], { scale: Math.fround(0.2), zero: 0 }],
    [[-51, -2], { scale: Math.fround(0.2), zero: 255 }],
    [[0, 0], { scale: 1, zero: 0 }],
    [[Number.NaN, 1], { scale: 1, zero: 0 }],
  ] as const)('for %j are %j: zero is always one of them', (range, step) => {
    expect(stepFor(range)).toEqual(step);
  });
});

describe('weights', () => {
  it('are whole numbers in steps of their own for each output channel', () => {
    const { weight, scales, bias } = roundWeights(layer, 0.5, 8);
    expect([...weight]).toEqual([64, -127, 32, 0, 0, 0]);
    expect(scales[0]).toBeCloseTo(2 / 127);
    expect(bias?.[0]).toBe(Math.round(1 / ((0.5 * 2) / 127)));
    // A channel without weights still has its bias.
    expect((bias?.[1] ?? 0) * 0.5 * (scales[1] ?? 0)).toBeCloseTo(4, 4);
  });

  it('of seven bits leave room for two products in sixteen bits', () => {
    expect([...roundWeights(layer, 1, 7).weight]).toEqual([32, -64, 16, 0, 0, 0]);
  });

  it.each([7, 8] as const)('of %i bits add up to what they did, kernel by kernel', (bits) => {
    const kernel = fc.array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: 9, maxLength: 9 });
    fc.assert(
      fc.property(fc.array(kernel, { minLength: 2, maxLength: 2 }), (kernels) => {
        const values = Float32Array.from([...kernels.flat(), 1, ...Array<number>(8).fill(0)]);
        const wide: Layer = { ...layer, weight: { values, dims: [1, 3, 3, 3] }, bias: undefined };
        const { weight, scales } = roundWeights(wide, 1, bits);
        const [scale = 0] = scales;
        for (const from of [0, 9, 18]) {
          const exact = values.subarray(from, from + 9).reduce((sum, value) => sum + value / scale, 0);
          const whole = weight.subarray(from, from + 9).reduce((sum, value) => sum + value, 0);
          expect(Math.abs(whole - exact)).toBeLessThan(0.501);
        }
        const off = weight.map((whole, index) => Math.abs(whole - (values[index] as number) / scale));
        expect(Math.max(...off)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('get zeros for channels that fast kernels need', () => {
    const packing = packingFor(layer);
    const { weight, bias } = packedLayer(layer, packing);
    expect([packing, weight.dims, bias?.length]).toEqual([{ inputs: 1, outputs: 14 }, [16, 4, 1, 1], 16]);
    expect([...weight.values.subarray(0, 9)]).toEqual([1, -2, 0.5, 0, 0, 0, 0, 0, 0]);
    expect(packingFor({ ...layer, node: newNode('Gemm', ['x', 'w'], ['y']) })).toEqual({
      inputs: 0,
      outputs: 0,
    });
  });

  it('are of a width that this processor multiplies rightly', async () => {
    expect([7, 8]).toContain(await safeWeightBits());
  });
});

describe('the range of a tensor', () => {
  /** A thousand values in -1..1, and one far off. */
  const histogram = new ValueHistogram([-1, 9]);
  histogram.add(Float32Array.from({ length: 1000 }, (_, index) => Math.sin(index)));
  histogram.add(Float32Array.of(9));

  it('is all of it, all but a few values, or what loses least', () => {
    expect(chooseRange(histogram, 'max')).toEqual([-1, 9]);
    expect(chooseRange(histogram, 99.999)[1]).toBeCloseTo(9);
    const [low, high] = chooseRange(histogram, 99.9);
    expect(low).toBeCloseTo(-1, 1);
    expect(high).toBeCloseTo(9, 1);
    const [least, most] = chooseRange(histogram, 'mse');
    expect(most).toBeLessThanOrEqual(9);
    expect(least).toBeGreaterThanOrEqual(-1);
  });

  it('of what a network cuts off does not go beyond', () => {
    const net = new NetworkWriter();
    const clip = net.add('Clip', ['input', net.floats([-0.5], []), net.floats([6], [])]);
    net.add('Relu', [clip], [], 'output');
    const network = new Network(readModel(net.file()));
    const histograms = new Map([
      [clip, histogram],
      ['output', histogram],
    ]);
    expect(chooseRanges(network, histograms, 'wide')).toEqual(
      new Map([
        [clip, [-0.5, 6]],
        ['output', chooseRange(histogram, 'wide')],
      ]),
    );
  });

  it('of values on one side of zero keeps zero', () => {
    const positive = new ValueHistogram([0, 4]);
    positive.add(Float32Array.from({ length: 10_000 }, (_, index) => index / 10_000));
    positive.add(Float32Array.of(4));
    const [low, high] = chooseRange(positive, 99.9);
    expect([low, high < 1.01]).toEqual([0, true]);
    expect(chooseRange(new ValueHistogram([0, 0]), 99.9)).toEqual([0, 0]);
  });
});
