import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EnlargerError } from '../../../src/shared/errors.ts';
import { fakeTimeouts, leaseOf, makePool, states, take, watch } from './support.ts';

const ONE = { classes: [{ byteLength: 100, slots: 1 }], budgetBytes: 100 };
const ROOM = { classes: [], budgetBytes: 1000 };

beforeEach(fakeTimeouts);
afterEach(() => {
  vi.useRealTimers();
});

describe('a time-out', () => {
  it('rejects at its time, and says how full the pool was', async () => {
    const pool = makePool(ONE);
    const lease = take(pool, 80);
    const fate = watch(pool.acquire(50, { timeoutMs: 250 }));
    vi.advanceTimersByTime(249);
    expect(await states(fate)).toEqual(['waiting']);
    vi.advanceTimersByTime(1);
    expect(await states(fate)).toEqual(['pool-timeout']);
    expect(fate.error?.message).toMatch(
      /No 50 bytes .* 250 ms: 1 buffers of 100 bytes .* budget of 100 bytes/,
    );
    expect(pool.stats()).toMatchObject({ timeouts: 1, waits: 1, misses: 1, waiting: 0, inUse: 1 });
    lease.release();
    expect(pool.stats()).toMatchObject({ inUse: 0, classes: [{ free: 1 }] });
  });

  it('is forgotten once the waiter is served', async () => {
    const pool = makePool(ONE);
    const lease = take(pool, 100);
    const fate = watch(pool.acquire(100, { timeoutMs: 250 }));
    expect(vi.getTimerCount()).toBe(1);
    lease.release();
    expect(vi.getTimerCount()).toBe(0);
    expect(await states(fate)).toEqual(['lease']);
  });

  it('is not set where nobody waits', async () => {
    const pool = makePool(ONE);
    expect(await states(watch(pool.acquire(100, { timeoutMs: 250 })))).toEqual(['lease']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('may be none at all', async () => {
    const pool = makePool(ONE);
    take(pool, 100);
    const fate = watch(pool.acquire(100, { timeoutMs: 0 }));
    expect(await states(fate)).toEqual(['waiting']);
    vi.advanceTimersToNextTimer();
    expect(await states(fate)).toEqual(['pool-timeout']);
  });

  it('of the first in line lets the next one have its room', async () => {
    const pool = makePool(ROOM);
    take(pool, 600);
    const large = watch(pool.acquire(900, { timeoutMs: 250 }));
    const small = watch(pool.acquire(300));
    vi.advanceTimersByTime(250);
    expect(await states(large, small)).toEqual(['pool-timeout', 'lease']);
  });
});

describe('a signal', () => {
  it('ends the wait as cancelled, and its timer', async () => {
    const pool = makePool(ONE);
    const lease = take(pool, 100);
    const controller = new AbortController();
    const fate = watch(pool.acquire(100, { timeoutMs: 250, signal: controller.signal }));
    controller.abort();
    expect(pool.stats()).toMatchObject({ aborts: 1, waits: 1, waiting: 0, timeouts: 0 });
    expect(vi.getTimerCount()).toBe(0);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    expect(await states(fate)).toEqual(['cancelled']);
    lease.release();
    expect(pool.stats().inUse).toBe(0);
  });

  it('hands on its own typed reason', async () => {
    const pool = makePool(ONE);
    take(pool, 100);
    const controller = new AbortController();
    const fate = watch(pool.acquire(100, { signal: controller.signal }));
    const reason = new EnlargerError('engine-died', 'The engine died.');
    controller.abort(reason);
    await states(fate);
    expect(fate.error).toBe(reason);
  });

  it('that has fired already refuses even what is free, and counts nowhere', async () => {
    const pool = makePool(ONE);
    const before = pool.stats();
    expect(await states(watch(pool.acquire(100, { signal: AbortSignal.abort() })))).toEqual(['cancelled']);
    expect(pool.stats()).toEqual(before);
  });

  it('is no longer listened to after the wait, and changes nothing then', async () => {
    const pool = makePool(ONE);
    const lease = take(pool, 100);
    const controller = new AbortController();
    const served = watch(pool.acquire(100, { signal: controller.signal }));
    const late = watch(pool.acquire(100, { signal: controller.signal, timeoutMs: 250 }));
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(2);
    lease.release();
    vi.advanceTimersByTime(250);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    controller.abort();
    expect(await states(served, late)).toEqual(['lease', 'pool-timeout']);
    expect(leaseOf(served).released).toBe(false);
    expect(pool.stats().aborts).toBe(0);
  });

  it('is not listened to where nobody waits', async () => {
    const { signal } = new AbortController();
    expect(await states(watch(makePool(ONE).acquire(100, { signal })))).toEqual(['lease']);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('of the first in line lets the next one have its room', async () => {
    const pool = makePool(ROOM);
    take(pool, 600);
    const controller = new AbortController();
    const large = watch(pool.acquire(900, { signal: controller.signal }));
    const small = watch(pool.acquire(300));
    controller.abort();
    expect(await states(large, small)).toEqual(['cancelled', 'lease']);
  });

  it('shared by several ends all of them, and none gets what another releases meanwhile', async () => {
    const pool = makePool(ONE);
    const lease = take(pool, 100);
    const controller = new AbortController();
    controller.signal.addEventListener('abort', () => lease.release());
    const fates = [1, 2].map(() => watch(pool.acquire(100, { signal: controller.signal })));
    const other = watch(pool.acquire(100));
    controller.abort();
    expect(await states(...fates, other)).toEqual(['cancelled', 'cancelled', 'lease']);
    expect(pool.stats()).toMatchObject({ aborts: 2, waiting: 0 });
  });
});
