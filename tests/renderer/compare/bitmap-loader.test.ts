import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type { Loaded } from '../../../src/renderer/compare/bitmap-cache.ts';
import { BitmapLoader, type Want } from '../../../src/renderer/compare/bitmap-loader.ts';
import { TestBitmap } from './test-bitmap.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const want = (key: string, version = '1', group = key): Want => ({
  key,
  version,
  group,
  url: `/${key}?${version}`,
});

interface Asked {
  url: string;
  signal: AbortSignal;
  answer: PromiseWithResolvers<Loaded<TestBitmap>>;
}

function setUp(atOnce = 2) {
  const asked: Asked[] = [];
  const onChange = vi.fn();
  const loader = new BitmapLoader<TestBitmap>({
    load: (url, signal) => {
      const answer = Promise.withResolvers<Loaded<TestBitmap>>();
      asked.push({ url, signal, answer });
      return answer.promise;
    },
    onChange,
    bytes: 1e6,
    atOnce,
    pause: 200,
  });
  onTestFinished(() => loader[Symbol.dispose]());
  const urls = () => asked.map(({ url }) => url);
  const settle = async (index: number, outcome: TestBitmap | Error = new TestBitmap(), full = false) => {
    const { answer } = asked[index] as Asked;
    if (outcome instanceof Error) answer.reject(outcome);
    else answer.resolve({ bitmap: outcome, full });
    await vi.advanceTimersByTimeAsync(0);
  };
  return { loader, asked, urls, settle, onChange };
}

test('what is wanted is fetched in its order, a few at once', async () => {
  const { loader, urls, settle } = setUp();
  const wanted = [want('a'), want('b'), want('c')];
  loader.want(wanted);
  expect(urls()).toEqual(['/a?1', '/b?1']);
  await settle(0);
  loader.want(wanted);
  expect(urls()).toEqual(['/a?1', '/b?1', '/c?1']);
  expect(loader.held('a')?.version).toBe('1');
});

test('what is no longer wanted is stopped, and closed if it comes all the same', async () => {
  const { loader, asked, settle } = setUp();
  loader.want([want('a')]);
  loader.want([want('b')]);
  expect(asked[0]?.signal.aborted).toBe(true);
  const late = new TestBitmap();
  await settle(0, late);
  expect([late.closed, loader.held('a')]).toEqual([true, undefined]);
});

test('an older state is held until the newer is here; one fetch at a time, the latest wins', async () => {
  const { loader, urls, settle } = setUp();
  loader.want([want('a', '1')]);
  loader.want([want('a', '2')]);
  loader.want([want('a', '3')]);
  expect(urls()).toEqual(['/a?1']);
  await settle(0);
  loader.want([want('a', '3')]);
  expect(loader.held('a')?.version).toBe('1');
  await vi.advanceTimersByTimeAsync(200);
  loader.want([want('a', '3')]);
  expect(urls()).toEqual(['/a?1', '/a?3']);
  await settle(1);
  expect(loader.held('a')?.version).toBe('3');
});

test('the states of one bitmap keep a distance, and it is said when the next is due', async () => {
  const { loader, urls, settle, onChange } = setUp();
  loader.want([want('a', '1')]);
  await settle(0);
  loader.want([want('a', '2')]);
  expect(urls()).toEqual(['/a?1']);
  onChange.mockClear();
  await vi.advanceTimersByTimeAsync(200);
  expect(onChange).toHaveBeenCalledOnce();
});

test('after a refusal the group waits, longer each time, until one comes', async () => {
  const { loader, urls, settle } = setUp(1);
  const wanted = [want('a', '1', 'squares'), want('b', '1', 'squares'), want('c', '1', 'others')];
  loader.want(wanted);
  await settle(0, new Error('404'));
  expect([loader.isRefused('squares'), loader.isRefused('others')]).toEqual([true, false]);
  loader.want(wanted);
  expect(urls()).toEqual(['/a?1', '/c?1']);
  await settle(1);
  await vi.advanceTimersByTimeAsync(1000);
  loader.want(wanted);
  expect(urls()).toEqual(['/a?1', '/c?1', '/a?1']);
  await settle(2, new Error('404'));
  await vi.advanceTimersByTimeAsync(1000);
  expect(loader.isRefused('squares')).toBe(true);
  await vi.advanceTimersByTimeAsync(1000);
  loader.want(wanted);
  await settle(3);
  expect(loader.isRefused('squares')).toBe(false);
});

test('what grows is asked for again until it has no gap; once it is finished it is another picture', async () => {
  const { loader, urls, settle } = setUp();
  const growing = (version: string) => ({ ...want('a', version), growing: true });
  loader.want([growing('1')]);
  await settle(0);
  await vi.advanceTimersByTimeAsync(200);
  loader.want([growing('2')]);
  await settle(1, new TestBitmap(), true);
  await vi.advanceTimersByTimeAsync(200);
  loader.want([growing('3')]);
  expect(urls()).toEqual(['/a?1', '/a?2']);
  loader.want([want('a', 'done')]);
  expect(urls()).toEqual(['/a?1', '/a?2', '/a?done']);
});

test('nothing is left when it is disposed of', async () => {
  const { loader, asked, settle } = setUp();
  const bitmap = new TestBitmap();
  loader.want([want('a'), want('b')]);
  await settle(0, bitmap);
  loader[Symbol.dispose]();
  expect([bitmap.closed, asked[1]?.signal.aborted]).toEqual([true, true]);
});
