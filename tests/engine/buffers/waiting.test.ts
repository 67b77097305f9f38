import { describe, expect, it } from 'vitest';
import { leaseOf, makePool, states, take, watch } from './support.ts';

const ONE = { classes: [{ byteLength: 100, slots: 1 }], budgetBytes: 100 };

describe('waiting for a slot', () => {
  it('is first come, first served', async () => {
    const pool = makePool(ONE);
    const lease = take(pool, 100);
    const { buffer } = lease;
    const first = watch(pool.acquire(100));
    const second = watch(pool.acquire(50));
    expect(await states(first, second)).toEqual(['waiting', 'waiting']);
    expect(pool.stats()).toMatchObject({ waiting: 2, waits: 2, misses: 2, hits: 1 });
    lease.release();
    expect(await states(first, second)).toEqual(['lease', 'waiting']);
    expect(leaseOf(first).buffer).toBe(buffer);
    leaseOf(first).release();
    expect(await states(second)).toEqual(['lease']);
    expect(pool.stats()).toMatchObject({ waiting: 0, waits: 2, misses: 2, hits: 1, inUse: 1 });
  });

  it('gets the slot in the moment of its release: nobody can come between', async () => {
    const pool = makePool(ONE);
    const lease = take(pool, 100);
    const waiter = watch(pool.acquire(100));
    lease.release();
    expect(pool.tryAcquire(100)).toBeUndefined();
    const late = watch(pool.acquire(100));
    expect(await states(waiter, late)).toEqual(['lease', 'waiting']);
  });

  it('passes over an older waiter that the slot does not fit', async () => {
    const pool = makePool();
    const small = take(pool, 100);
    const large = take(pool, 300);
    take(pool, 100);
    const old = watch(pool.acquire(300));
    const young = watch(pool.acquire(100));
    small.release();
    expect(await states(old, young)).toEqual(['waiting', 'lease']);
    large.release();
    expect(await states(old)).toEqual(['lease']);
  });

  it('gives a large slot to an older small waiter before a younger large one', async () => {
    const pool = makePool();
    const large = take(pool, 300);
    take(pool, 100);
    take(pool, 100);
    const small = watch(pool.acquire(100));
    const big = watch(pool.acquire(300));
    large.release();
    expect(await states(small, big)).toEqual(['lease', 'waiting']);
  });
});

describe('waiting for room', () => {
  it('is first come, first served: small one-offs do not starve a large one', async () => {
    const pool = makePool();
    const out = take(pool, 301);
    const large = watch(pool.acquire(500));
    expect(pool.tryAcquire(301)).toBeUndefined();
    out.release();
    expect(await states(large)).toEqual(['lease']);
    const queued = [watch(pool.acquire(400)), watch(pool.acquire(500)), watch(pool.acquire(301))];
    leaseOf(large).release();
    expect(await states(...queued)).toEqual(['lease', 'waiting', 'waiting']);
    expect(pool.stats()).toMatchObject({ oneOffs: 3, misses: 5, waits: 4 });
  });

  it('makes a newcomer that would fit wait behind an older one-off', async () => {
    const pool = makePool({ classes: [], budgetBytes: 1000 });
    const out = take(pool, 600);
    const large = watch(pool.acquire(900));
    const small = watch(pool.acquire(100));
    expect(await states(large, small)).toEqual(['waiting', 'waiting']);
    expect(pool.tryAcquire(1)).toBeUndefined();
    out.release();
    expect(await states(large, small)).toEqual(['lease', 'lease']);
  });

  it('serves as many as fit', async () => {
    const pool = makePool({ classes: [], budgetBytes: 1000 });
    const out = take(pool, 1000);
    const fates = [400, 600, 1].map((byteLength) => watch(pool.acquire(byteLength)));
    out.release();
    expect(await states(...fates)).toEqual(['lease', 'lease', 'waiting']);
  });

  it('holds up nobody who waits for a slot, and is held up by none', async () => {
    const pool = makePool();
    const slot = take(pool, 300);
    const room = take(pool, 500);
    const slotWaiter = watch(pool.acquire(300));
    const roomWaiter = watch(pool.acquire(400));
    const later = watch(pool.acquire(300));
    slot.release();
    expect(await states(slotWaiter, roomWaiter, later)).toEqual(['lease', 'waiting', 'waiting']);
    room.release();
    expect(await states(roomWaiter, later)).toEqual(['lease', 'waiting']);
  });

  it('tells when the system refuses, and serves the next', async () => {
    const pool = makePool({ classes: [], budgetBytes: 2 ** 50 });
    const out = take(pool, 1);
    const hopeless = watch(pool.acquire(2 ** 50));
    const next = watch(pool.acquire(10));
    out.release();
    expect(await states(hopeless, next)).toEqual(['out-of-memory', 'lease']);
    expect(pool.stats()).toMatchObject({ allocatedBytes: 10, oneOffs: 2, waits: 2 });
  });
});
