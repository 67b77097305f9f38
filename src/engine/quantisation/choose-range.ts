import type { ValueHistogram } from './histogram.ts';
import type { Network } from './network.ts';
import type { Range } from './steps.ts';

/**
 * A way to choose which values of a tensor are kept: all that were seen, and room for more; all of them; so many percent;
 * or those that lose least.
 */
export type RangeMethod = 'wide' | 'max' | 'mse' | 99.999 | 99.99 | 99.9;

export const RANGE_METHODS: readonly RangeMethod[] = ['wide', 'max', 99.999, 99.99, 99.9, 'mse'];

/** By how much `wide` is longer: other pictures go further than those that were seen. */
const ROOM = 1.15;

const LEVELS = 255;

/** How much shorter than all values the ranges are that are tried for the least error. */
const SHARES = Array.from({ length: 40 }, (_, index) => 1 - index / 50);

/** The range of each tensor in `histograms`; of what `network` cuts off at constant limits nothing beyond them. */
export function chooseRanges(
  network: Network,
  histograms: ReadonlyMap<string, ValueHistogram>,
  method: RangeMethod,
): Map<string, Range> {
  const ranges = new Map<string, Range>();
  for (const [name, histogram] of histograms) {
    const [low, high] = chooseRange(histogram, method);
    const [lowest, highest] = limitsOf(network, name);
    ranges.set(name, [Math.max(low, Math.min(0, lowest)), Math.min(high, Math.max(0, highest))]);
  }
  return ranges;
}

function limitsOf(network: Network, name: string): Range {
  const node = network.producerOf(name);
  const limits = node?.opType === 'Clip' ? node.input.slice(1) : [];
  const [lowest = -Infinity, highest = Infinity] = limits.map((limit) => network.floats(limit)?.[0]);
  return [lowest, highest];
}

/** The range that `method` keeps of the values that `histogram` has counted. */
export function chooseRange(histogram: ValueHistogram, method: RangeMethod): Range {
  const [lowest, highest] = histogram.range;
  if (method === 'max') return [lowest, highest];
  if (method === 'wide') return [ROOM * lowest, ROOM * highest];
  return method === 'mse' ? leastError(histogram) : percentile(histogram, method);
}

/** Leaves out equally many of the lowest and the highest values; of values on one side of 0 those far from it. */
function percentile({ range, counts }: ValueHistogram, percent: number): Range {
  const [lowest, highest] = range;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const sides = lowest < 0 && highest > 0 ? 2 : 1;
  const leftOut = (total * (100 - percent)) / 100 / sides;
  const width = (highest - lowest) / counts.length;
  const low = lowest < 0 ? lowest + width * binsWithin(counts, leftOut) : lowest;
  const high = highest > 0 ? highest - width * binsWithin(counts.toReversed(), leftOut) : highest;
  return low < high ? [low, high] : range;
}

/** How many bins from the start hold no more than `most` values together. */
function binsWithin(counts: Float64Array, most: number): number {
  let sum = 0;
  return counts.findIndex((count) => {
    sum += count;
    return sum > most;
  });
}

/** The share of the whole range in which rounding and cutting off together make the least square error. */
function leastError(histogram: ValueHistogram): Range {
  const [lowest, highest] = histogram.range;
  const tried = SHARES.map((share) => {
    const range: Range = [share * lowest, share * highest];
    return { range, error: squareError(histogram, range) };
  });
  return tried.reduce((best, each) => (each.error < best.error ? each : best)).range;
}

function squareError(histogram: ValueHistogram, [low, high]: Range): number {
  const step = (Math.max(0, high) - Math.min(0, low)) / LEVELS;
  const { counts } = histogram;
  let error = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    const value = histogram.valueAt(bin);
    const cut = value < low ? low - value : value > high ? value - high : 0;
    error += (counts[bin] as number) * (cut > 0 ? cut ** 2 : step ** 2 / 12);
  }
  return error;
}
