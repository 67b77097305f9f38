import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Histogram } from '../../../src/engine/pipeline/histogram.ts';

function histogramOf(durations: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const ms of durations) histogram.record(ms);
  return histogram;
}

function nearestRank(durations: readonly number[], fraction: number): number {
  const sorted = [...durations].sort((a, b) => a - b);
  return sorted[Math.ceil(fraction * sorted.length) - 1] ?? Number.NaN;
}

describe('Histogram', () => {
  it('is all zeros while empty', () => {
    expect(new Histogram().snapshot()).toEqual({ count: 0, sum: 0, p50: 0, p95: 0, p99: 0, max: 0 });
  });

  it('tells a single duration exactly', () => {
    expect(histogramOf([7]).snapshot()).toEqual({ count: 1, sum: 7, p50: 7, p95: 7, p99: 7, max: 7 });
  });

  it('puts the percentiles of 1…1000 ms within 5 %', () => {
    const snapshot = histogramOf(Array.from({ length: 1000 }, (_, index) => index + 1)).snapshot();
    expect(snapshot).toMatchObject({ count: 1000, sum: 500_500, max: 1000 });
    expect(Math.abs(snapshot.p50 / 500 - 1)).toBeLessThan(0.05);
    expect(Math.abs(snapshot.p95 / 950 - 1)).toBeLessThan(0.05);
    expect(Math.abs(snapshot.p99 / 990 - 1)).toBeLessThan(0.05);
  });

  it.each([
    ['nothing', 0],
    ['less than the first bucket', 0.0001],
    ['more than the last bucket', 1e9],
  ])('keeps %s', (_name, ms) => {
    expect(histogramOf([ms]).snapshot()).toEqual({ count: 1, sum: ms, p50: ms, p95: ms, p99: ms, max: ms });
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('refuses %s', (ms) => {
    expect(() => new Histogram().record(ms)).toThrow(
      expect.objectContaining({ code: 'bad-argument', message: expect.stringContaining(String(ms)) }),
    );
  });

  it('stays within 5 % of the nearest rank for any durations', () => {
    const durations = fc.array(fc.double({ min: 0.001, max: 1e7, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(durations, (values) => {
        const snapshot = histogramOf(values).snapshot();
        for (const [percentile, fraction] of [
          [snapshot.p50, 0.5],
          [snapshot.p95, 0.95],
          [snapshot.p99, 0.99],
        ] as const) {
          expect(Math.abs(percentile / nearestRank(values, fraction) - 1)).toBeLessThan(0.05);
        }
      }),
    );
  });
});
