import { describe, expect, it } from 'vitest';
import { codeOf, makePool, SHAPE, states, take, watch } from './support.ts';

describe('acquire, at once', () => {
  it('lends slots, the smallest that fits first, and counts', async () => {
    const pool = makePool();
    const small = await pool.acquire(100);
    const large = await pool.acquire(101);
    const again = await pool.acquire(1);
    expect([small, large, again].map(({ buffer }) => buffer.byteLength)).toEqual([100, 300, 100]);
    expect(new Set([small.buffer, large.buffer, again.buffer]).size).toBe(3);
    expect(pool.stats()).toEqual({
      classes: [
        { byteLength: 100, slots: 2, free: 0 },
        { byteLength: 300, slots: 1, free: 0 },
      ],
      budgetBytes: 1000,
      inUse: 3,
      inUseBytes: 500,
      allocatedBytes: 500,
      highWaterBytes: 500,
      hits: 3,
      misses: 0,
      waits: 0,
      oneOffs: 0,
      timeouts: 0,
      aborts: 0,
      leaks: 0,
      waiting: 0,
    });
  });

  it('takes the slot before it returns', () => {
    const pool = makePool();
    watch(pool.acquire(100));
    expect(pool.stats().classes[0]?.free).toBe(1);
  });

  it('lends a larger slot rather than let the request wait', () => {
    const pool = makePool();
    take(pool, 100);
    take(pool, 100);
    expect(take(pool, 100).buffer.byteLength).toBe(300);
    expect(pool.tryAcquire(100)).toBeUndefined();
  });

  it('remembers the most that was in use', () => {
    const pool = makePool();
    take(pool, 300).release();
    take(pool, 100);
    expect(pool.stats()).toMatchObject({ inUseBytes: 100, highWaterBytes: 300 });
  });

  it('allocates what is larger than every class, within the budget, for one lease', () => {
    const pool = makePool();
    const lease = take(pool, 301);
    expect(lease.buffer.byteLength).toBe(301);
    expect(pool.stats()).toMatchObject({ hits: 0, misses: 1, waits: 0, oneOffs: 1 });
    expect(pool.stats()).toMatchObject({ allocatedBytes: 801, inUseBytes: 301, inUse: 1 });
    lease.release();
    expect(pool.stats()).toMatchObject({ allocatedBytes: 500, inUseBytes: 0, highWaterBytes: 301 });
  });

  it('fills the budget with one-offs, and no more', () => {
    const pool = makePool({ ...SHAPE, budgetBytes: 1200 });
    take(pool, 301);
    expect(pool.tryAcquire(400)).toBeUndefined();
    take(pool, 399);
    expect(pool.stats().allocatedBytes).toBe(1200);
  });

  it('counts a vain try nowhere', () => {
    const pool = makePool();
    take(pool, 300);
    const before = pool.stats();
    expect(pool.tryAcquire(300)).toBeUndefined();
    expect(pool.stats()).toEqual(before);
  });
});

describe('acquire, never', () => {
  it('refuses what no budget could hold, with the sizes', async () => {
    const pool = makePool();
    take(pool, 500);
    const fate = watch(pool.acquire(501));
    expect(await states(fate)).toEqual(['too-large']);
    expect(fate.error?.message).toMatch(/501 bytes .* slot has 300 bytes.* 1000 bytes leaves 500 /);
    expect(codeOf(() => pool.tryAcquire(501))).toBe('too-large');
    expect(pool.stats()).toMatchObject({ waiting: 0, waits: 0, misses: 1 });
  });

  it('lets a slot hold what the budget leaves no room for', async () => {
    const pool = makePool({ classes: [{ byteLength: 300, slots: 1 }], budgetBytes: 300 });
    const lease = take(pool, 300);
    const waiting = watch(pool.acquire(300));
    expect(await states(waiting)).toEqual(['waiting']);
    lease.release();
    expect(await states(waiting)).toEqual(['lease']);
  });

  it.each([[0], [-1], [1.5], [Number.NaN]])('refuses %d bytes', async (byteLength) => {
    const pool = makePool();
    expect(await states(watch(pool.acquire(byteLength)))).toEqual(['bad-argument']);
    expect(codeOf(() => pool.tryAcquire(byteLength))).toBe('bad-argument');
  });

  it.each([[-1], [1.5], [2 ** 31], [Number.POSITIVE_INFINITY]])(
    'refuses a time-out of %d ms',
    async (timeoutMs) => {
      const pool = makePool();
      const fate = watch(pool.acquire(1, { timeoutMs }));
      expect(await states(fate)).toEqual(['bad-argument']);
      expect(fate.error?.message).toMatch(/from 0 to 2147483647 for timeoutMs/);
      expect(pool.stats().inUse).toBe(0);
    },
  );

  it('tells when the system refuses a one-off', async () => {
    const pool = makePool({ classes: [], budgetBytes: 2 ** 50 });
    const before = pool.stats();
    expect(await states(watch(pool.acquire(2 ** 50)))).toEqual(['out-of-memory']);
    expect(pool.stats()).toEqual(before);
  });
});
