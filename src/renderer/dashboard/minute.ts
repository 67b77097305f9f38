import type { Metrics } from '../../shared/contract/metrics.ts';

/** Seconds that a chart shows. */
export const MINUTE = 60;
/** Milliseconds between two samples beyond which nobody measured. */
const GAP = 5_000;

type Values = readonly (number | null)[];

/** What a chart draws: one or more lines over the same moments. */
export interface Minute {
  /** Seconds before the latest sample, so negative, rising. */
  seconds: readonly number[];
  /** Null where a figure was not reported, and where nobody measured. */
  lines: readonly Values[];
}

/** The lines of a chart, each by what it picks of a sample. */
export function minuteOf(
  history: readonly Metrics[],
  picks: readonly ((metrics: Metrics) => number | null)[],
): Minute {
  const latest = history.at(-1)?.at ?? 0;
  const moments: { at: number; metrics: Metrics | undefined }[] = [];
  for (const metrics of history) {
    const before = moments.at(-1);
    if (before && metrics.at - before.at > GAP) moments.push({ at: before.at + 1, metrics: undefined });
    moments.push({ at: metrics.at, metrics });
  }
  return {
    seconds: moments.map(({ at }) => (at - latest) / 1000),
    lines: picks.map((pick) => moments.map(({ metrics }) => (metrics ? pick(metrics) : null))),
  };
}

/** The lowest, the highest and the mean of what was reported; undefined where nothing was. */
export function summaryOf(values: Values): { lowest: number; highest: number; mean: number } | undefined {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return undefined;
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  return { lowest: Math.min(...known), highest: Math.max(...known), mean };
}

/** The upper end of a scale that begins at 0 and holds `values`: 1, 2 or 5 times a power of ten, so that it seldom moves. */
export function ceilingOf(values: Values): number {
  const highest = Math.max(0, ...values.map((value) => value ?? 0));
  if (highest === 0) return 1;
  const power = 10 ** Math.floor(Math.log10(highest));
  const step = [1, 2, 5].find((factor) => factor * power >= highest) ?? 10;
  return step * power;
}

/** Bytes of all of Enlarger's processes; null where one of them is not reported. */
export function ownMemory({ memory: { processes } }: Pick<Metrics, 'memory'>): number | null {
  let sum = 0;
  for (const { bytes } of processes) {
    if (bytes === null) return null;
    sum += bytes;
  }
  return sum;
}
