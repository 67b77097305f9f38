import { expect, it } from 'vitest';
import { ceilingOf, minuteOf, ownMemory, summaryOf } from '../../../src/renderer/dashboard/minute.ts';
import type { Metrics } from '../../../src/shared/contract/metrics.ts';
import { madeUpMetrics } from './made-up-metrics.ts';

const busyAt = (at: number, busy: number | null) =>
  madeUpMetrics({ at, processor: { busy, ours: 0.1, cores: 2 } });
const busy = ({ processor }: Metrics) => processor.busy;
const ours = ({ processor }: Metrics) => processor.ours;

it('counts seconds back from the latest sample, and leaves out what was not reported', () => {
  const history = [busyAt(1_000, 0.2), busyAt(2_000, null), busyAt(3_500, 0.4)];
  expect(minuteOf(history, [busy, ours])).toEqual({
    seconds: [-2.5, -1.5, 0],
    lines: [
      [0.2, null, 0.4],
      [0.1, 0.1, 0.1],
    ],
  });
});

it('draws no line over a time in which nobody measured', () => {
  const { seconds, lines } = minuteOf([busyAt(0, 0.2), busyAt(20_000, 0.4)], [busy]);
  expect(seconds).toEqual([-20, -19.999, 0]);
  expect(lines).toEqual([[0.2, null, 0.4]]);
});

it('is empty without samples', () => {
  expect(minuteOf([], [busy])).toEqual({ seconds: [], lines: [[]] });
});

it('sums up what was reported', () => {
  expect(summaryOf([1, null, 4, 1])).toEqual({ lowest: 1, highest: 4, mean: 2 });
  expect(summaryOf([0])).toEqual({ lowest: 0, highest: 0, mean: 0 });
  expect(summaryOf([null, null])).toBeUndefined();
});

it.each([
  [[], 1],
  [[0, null], 1],
  [[0.03], 0.05],
  [[1], 1],
  [[1.2, 0.4], 2],
  [[28], 50],
  [[51], 100],
])('has a scale for %j that ends at %d', (values, top) => {
  expect(ceilingOf(values)).toBeCloseTo(top, 12);
});

it('adds up the processes, unless one of them is not reported', () => {
  const withBytes = (...all: (number | null)[]) =>
    madeUpMetrics({
      memory: {
        total: 8e9,
        used: 1e9,
        budget: 4e9,
        processes: all.map((bytes, pid) => ({ role: 'main', pid, bytes })),
      },
    });
  expect(ownMemory(withBytes(1e6, 2e6))).toBe(3e6);
  expect(ownMemory(withBytes(1e6, null))).toBeNull();
});
