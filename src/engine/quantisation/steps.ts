import type { Layer } from './layers.ts';

/** How a tensor is rounded: value = scale · (whole number − zero), whole numbers from 0 to 255. */
export interface Step {
  scale: number;
  zero: number;
}

/** Lowest and highest value that is kept. */
export type Range = readonly [lowest: number, highest: number];

const LEVELS = 255;

/** Below this a scale is none: what it stands for is zero everywhere. */
const SMALLEST_SCALE = 1e-12;

/** The steps that reach from one end of `range` to the other; 0 is one of them. */
export function stepFor([lowest, highest]: Range): Step {
  const low = Math.min(0, lowest);
  const scale = (Math.max(0, highest) - low) / LEVELS;
  if (!(scale > SMALLEST_SCALE)) return { scale: 1, zero: 0 };
  return { scale: Math.fround(scale), zero: Math.round((0 - low) / scale) };
}

export type WeightBits = 7 | 8;

/**
 * The largest whole number of a weight. With 64, two products of uint8 and int8 fit into sixteen bits together, into which
 * processors without VNNI add them: 2 · 255 · 64 < 2^15.
 */
const LARGEST: Readonly<Record<WeightBits, number>> = { 7: 64, 8: 127 };

/** Biases are int32; this keeps room for the sums that are added to them. */
const LARGEST_BIAS = 2 ** 30;

export interface RoundedWeights {
  weight: Int8Array;
  /** One for each output channel. */
  scales: Float32Array;
  /** In steps of `inputScale` · `scales`. */
  bias: Int32Array | undefined;
}

/**
 * The weights of `layer` in int8, symmetric, each output channel in its own steps, for an input in steps of `inputScale`.
 * Each kernel of a convolution adds up to what it did before, to half a step: neighbours in a picture are much alike, and
 * what is alike in them meets the sum. A kernel that sees differences alone still does.
 */
export function roundWeights(layer: Layer, inputScale: number, bits: WeightBits): RoundedWeights {
  const { values, dims } = layer.weight;
  const channels = dims[layer.axis] ?? 1;
  const inner = dims.slice(layer.axis + 1).reduce((all, side) => all * side, 1);
  const largest = new Float64Array(channels);
  const channelOf = (index: number) => Math.floor(index / inner) % channels;
  for (const [index, value] of values.entries()) {
    const channel = channelOf(index);
    largest[channel] = Math.max(largest[channel] as number, Math.abs(value));
  }
  const scales = Float32Array.from(largest, (value, channel) =>
    Math.max(
      value / LARGEST[bits],
      Math.abs(layer.bias?.[channel] ?? 0) / (inputScale * LARGEST_BIAS),
      SMALLEST_SCALE,
    ),
  );
  const exact = Float64Array.from(values, (value, index) => value / (scales[channelOf(index)] as number));
  const weight = Int8Array.from(exact, (value) => clamped(Math.round(value), LARGEST[bits]));
  const area = layer.node.opType === 'Conv' ? dims.slice(2).reduce((all, side) => all * side, 1) : 1;
  for (let from = 0; area > 1 && from < weight.length; from += area) {
    keepSum(weight.subarray(from, from + area), exact.subarray(from, from + area), LARGEST[bits]);
  }
  const bias =
    layer.bias &&
    Int32Array.from(layer.bias, (value, channel) =>
      Math.round(value / Math.fround(inputScale * (scales[channel] as number))),
    );
  return { weight, scales, bias };
}

const clamped = (value: number, largest: number) => Math.min(largest, Math.max(-largest, value));

function sumOf(values: Iterable<number>): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

/** Brings the sum of `whole` to that of `exact`, by steps of one where they cost least. */
function keepSum(whole: Int8Array, exact: Float64Array, largest: number): void {
  const lacking = Math.round(sumOf(exact)) - sumOf(whole);
  const direction = Math.sign(lacking);
  const lacks = (index: number) => direction * ((exact[index] as number) - (whole[index] as number));
  const nearest = [...whole.keys()]
    .filter((index) => direction * (whole[index] as number) < largest)
    .sort((one, other) => lacks(other) - lacks(one));
  for (const index of nearest.slice(0, Math.abs(lacking)))
    whole[index] = (whole[index] as number) + direction;
}
