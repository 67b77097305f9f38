import { expect, it, onTestFinished } from 'vitest';
import { MetricsFeed } from '../../../src/main/metrics/metrics-feed.ts';
import type { Metrics } from '../../../src/shared/contract/metrics.ts';

/** Samples that are told apart by their number, as fast as they are wanted. */
function countingFeed({ interval = 50 } = {}) {
  const seen = { begun: 0, sampled: 0, rested: 0, works: false };
  const sampler = {
    begin: async () => {
      seen.begun += 1;
    },
    sample: async () => ({ at: ++seen.sampled }) as Metrics,
    rest: () => {
      seen.rested += 1;
    },
  };
  const feed = new MetricsFeed(sampler, () => seen.works, { interval, first: 0 });
  onTestFinished(() => feed[Symbol.asyncDispose]());
  return { feed, seen };
}

/** The next `count` that a reader is given. */
async function next(reader: AsyncGenerator<Metrics>, count: number): Promise<number[]> {
  const numbers: number[] = [];
  while (numbers.length < count) {
    const { value, done } = await reader.next();
    if (done) break;
    numbers.push(value.at);
  }
  return numbers;
}

const never = () => new AbortController().signal;

it('a reader is given each sample once, and one who comes later the past first', async () => {
  const { feed, seen } = countingFeed();
  const early = feed.read(never());
  expect(await next(early, 5)).toEqual([1, 2, 3, 4, 5]);
  const late = feed.read(never());
  const heard = await next(late, 8);
  expect(heard).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  await early.return();
  await late.return();
  expect(seen.begun).toBe(1);
});

it('what is older than a minute is not told any more', async () => {
  const { feed, seen } = countingFeed({ interval: 1 });
  seen.works = true;
  const first = feed.read(never());
  await next(first, 200);
  await first.return();
  const [oldest] = await next(feed.read(never()), 1);
  expect(oldest).toBeGreaterThan(200 - 60);
});

it('a reader who is slow is not held up for, and misses what is over', async () => {
  const { feed } = countingFeed({ interval: 1 });
  const slow = feed.read(never());
  await next(slow, 1);
  const quick = feed.read(never());
  await next(quick, 200);
  const [after] = await next(slow, 1);
  expect(after).toBeGreaterThan(200 - 60);
});

it('samples are taken while somebody reads or a batch runs, and else none', async () => {
  const { feed, seen } = countingFeed();
  seen.works = true;
  feed.wake();
  const reader = feed.read(never());
  await next(reader, 2);
  await reader.return();
  // The batch goes on without a reader; then it ends, and the samples with it.
  seen.works = false;
  while (seen.rested === 0) await new Promise(setImmediate);
  const { sampled } = seen;
  expect(seen).toMatchObject({ begun: 1, rested: 1 });
  const again = feed.read(never());
  await next(again, 1);
  expect(seen.begun).toBe(2);
  await again.return();
  while (seen.rested === 1) await new Promise(setImmediate);
  expect(seen.sampled).toBeGreaterThan(sampled);
});

it('the end of a reader’s signal, and of the feed, end the reader', async () => {
  const { feed } = countingFeed({ interval: 600_000 });
  const abort = new AbortController();
  const reader = feed.read(abort.signal);
  await next(reader, 1);
  const waiting = reader.next();
  abort.abort();
  expect(await waiting).toEqual({ done: true, value: undefined });
  const other = feed.read(never());
  await next(other, 1);
  const latest = await feed.latest(never());
  expect(latest?.at).toBe(1);
  const left = other.next();
  await feed[Symbol.asyncDispose]();
  expect((await left).done).toBe(true);
  expect(await next(feed.read(never()), 1)).toEqual([]);
  expect((await feed.read(AbortSignal.abort()).next()).done).toBe(true);
});

it('the newest sample is waited for where there is none', async () => {
  const { feed, seen } = countingFeed();
  expect((await feed.latest(never()))?.at).toBeGreaterThan(0);
  expect(await feed.latest(AbortSignal.abort())).toBeOneOf([undefined, { at: expect.any(Number) }]);
  while (seen.rested === 0) await new Promise(setImmediate);
});
