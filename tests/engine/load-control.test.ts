import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { controlLoad } from '../../src/engine/load-control.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A machine whose memory and work the test sets. */
function machine() {
  const state = { pressure: 0.5, completed: 0, queued: 0 };
  const chosen: number[] = [];
  const control = controlLoad(
    {
      tilesCompleted: () => state.completed,
      tilesQueued: () => state.queued,
      memoryPressure: () => state.pressure,
      setConcurrency: (workers) => chosen.push(workers),
    },
    { min: 1, max: 3 },
  );
  return { state, chosen, control };
}

it('lets workers go one by one while memory is short, down to the least', () => {
  const { state, chosen } = machine();
  state.pressure = 0.95;
  vi.advanceTimersByTime(5_000);
  expect(chosen).toEqual([2, 1]);
});

it('takes one more when memory is free again and work waits, and keeps it if that pays', () => {
  const { state, chosen } = machine();
  state.pressure = 0.95;
  vi.advanceTimersByTime(2_000);
  expect(chosen).toEqual([2, 1]);
  state.pressure = 0.5;
  state.queued = 100;
  // What did not fit is not tried again for a minute.
  vi.advanceTimersByTime(30_000);
  expect(chosen).toEqual([2, 1]);
  for (let second = 0; second < 60; second++) {
    state.completed += 10 * (chosen.at(-1) ?? 0);
    vi.advanceTimersByTime(1_000);
  }
  expect(chosen).toEqual([2, 1, 2, 3]);
});

it('changes nothing while nothing is to be changed, or after it has ended', () => {
  const { state, chosen, control } = machine();
  vi.advanceTimersByTime(10_000);
  control[Symbol.dispose]();
  state.pressure = 1;
  vi.advanceTimersByTime(10_000);
  expect(chosen).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});
