import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { codeOf, fakeTimeouts, leaseOf, makePool, SHAPE, settled, states, take, watch } from './support.ts';

beforeEach(fakeTimeouts);
afterEach(() => {
  vi.useRealTimers();
});

describe('close', () => {
  it('rejects waiters, ends their timers and lends no more', async () => {
    const pool = makePool();
    take(pool, 300);
    const fates = [watch(pool.acquire(300, { timeoutMs: 250 })), watch(pool.acquire(200))];
    pool.close();
    expect(vi.getTimerCount()).toBe(0);
    expect(await states(...fates, watch(pool.acquire(1)))).toEqual(['stopped', 'stopped', 'stopped']);
    expect(codeOf(() => pool.tryAcquire(1))).toBe('stopped');
    expect(codeOf(() => pool.resize(SHAPE))).toBe('stopped');
    expect(pool.stats().waiting).toBe(0);
  });

  it('lets go of free slots at once and of leased ones when they return', () => {
    const pool = makePool();
    const lease = take(pool, 300);
    const oneOff = take(pool, 400);
    lease.bytes.fill(7);
    pool.close();
    expect(lease.bytes[299]).toBe(7);
    expect(pool.stats()).toMatchObject({ allocatedBytes: 700, inUse: 2, classes: [] });
    lease.release();
    oneOff.release();
    expect(pool.stats()).toMatchObject({ allocatedBytes: 0, inUse: 0 });
  });

  it('does nothing the second time', () => {
    const pool = makePool();
    pool.close();
    const before = pool.stats();
    pool.close();
    expect(pool.stats()).toEqual(before);
  });
});

describe('whenIdle', () => {
  const watchIdle = (promise: Promise<void>) => {
    const seen = { idle: false };
    promise.then(() => {
      seen.idle = true;
    });
    return seen;
  };

  it('resolves at once if no lease is out', async () => {
    await expect(makePool().whenIdle()).resolves.toBeUndefined();
  });

  it('resolves for all who ask when the last lease is back', async () => {
    const pool = makePool();
    const leases = [take(pool, 100), take(pool, 400)];
    const seen = [watchIdle(pool.whenIdle()), watchIdle(pool.whenIdle())];
    leases[0]?.release();
    await settled();
    expect(seen).toEqual([{ idle: false }, { idle: false }]);
    leases[1]?.release();
    await settled();
    expect(seen).toEqual([{ idle: true }, { idle: true }]);
  });

  it('does not take a buffer that passes to a waiter for back, and works anew', async () => {
    const pool = makePool({ classes: [{ byteLength: 100, slots: 1 }], budgetBytes: 100 });
    const lease = take(pool, 100);
    const waiter = watch(pool.acquire(100));
    const seen = watchIdle(pool.whenIdle());
    lease.release();
    await settled();
    expect(seen.idle).toBe(false);
    leaseOf(waiter).release();
    await settled();
    expect(seen.idle).toBe(true);
    const again = take(pool, 100);
    const seenAgain = watchIdle(pool.whenIdle());
    await settled();
    expect(seenAgain.idle).toBe(false);
    again.release();
    await settled();
    expect(seenAgain.idle).toBe(true);
  });

  it('resolves after close too', async () => {
    const pool = makePool();
    const lease = take(pool, 100);
    pool.close();
    const seen = watchIdle(pool.whenIdle());
    lease.release();
    await settled();
    expect(seen.idle).toBe(true);
  });
});
