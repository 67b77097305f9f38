import { describe, expect, it } from 'vitest';
import { codeOf, makePool, states, take, watch } from './support.ts';

const slots = (byteLength: number, count: number, budgetBytes = byteLength * count) => ({
  classes: [{ byteLength, slots: count }],
  budgetBytes,
});

describe('resize', () => {
  it('of an idle pool replaces its slots', () => {
    const pool = makePool();
    pool.resize(slots(50, 4));
    expect(pool.stats()).toMatchObject({
      classes: [{ byteLength: 50, slots: 4, free: 4 }],
      allocatedBytes: 200,
      budgetBytes: 200,
    });
  });

  it('keeps free slots that the new shape has a place for', () => {
    const pool = makePool(slots(100, 2));
    const first = take(pool, 100);
    const { buffer } = first;
    first.release();
    pool.resize(slots(100, 3));
    const buffers = [1, 2, 3].map(() => take(pool, 100).buffer);
    expect(buffers).toContain(buffer);
    expect(new Set(buffers).size).toBe(3);
  });

  it('leaves leases out valid, and drops their slots when they return', () => {
    const pool = makePool(slots(100, 2));
    const lease = take(pool, 100);
    lease.bytes.fill(7);
    pool.resize(slots(50, 2, 300));
    expect(lease.bytes[99]).toBe(7);
    expect(pool.stats()).toMatchObject({ inUse: 1, inUseBytes: 100, allocatedBytes: 200 });
    lease.release();
    expect(pool.stats()).toMatchObject({
      classes: [{ byteLength: 50, slots: 2, free: 2 }],
      inUse: 0,
      allocatedBytes: 100,
    });
  });

  it('to fewer slots of a size drops those that return first', async () => {
    const pool = makePool(slots(100, 3));
    const leases = [1, 2, 3].map(() => take(pool, 100));
    pool.resize(slots(100, 1));
    const waiter = watch(pool.acquire(100));
    leases[0]?.release();
    leases[1]?.release();
    expect(await states(waiter)).toEqual(['waiting']);
    expect(pool.stats()).toMatchObject({ allocatedBytes: 100, inUse: 1 });
    leases[2]?.release();
    expect(await states(waiter)).toEqual(['lease']);
  });

  it('and back takes the leased slots in again', () => {
    const pool = makePool(slots(100, 2));
    const leases = [take(pool, 100), take(pool, 100)];
    pool.resize(slots(50, 1));
    pool.resize(slots(100, 2));
    expect(pool.stats()).toMatchObject({ allocatedBytes: 200, classes: [{ slots: 2, free: 0 }] });
    for (const lease of leases) lease.release();
    expect(pool.stats()).toMatchObject({ allocatedBytes: 200, classes: [{ slots: 2, free: 2 }] });
  });

  it('makes slots that the budget has no bytes for as older leases return', async () => {
    const pool = makePool(slots(100, 2));
    const leases = [take(pool, 100), take(pool, 100)];
    pool.resize(slots(60, 3, 200));
    expect(pool.stats()).toMatchObject({ classes: [{ slots: 3, free: 0 }], allocatedBytes: 200 });
    const waiter = watch(pool.acquire(60));
    expect(pool.tryAcquire(60)).toBeUndefined();
    leases[0]?.release();
    expect(await states(waiter)).toEqual(['lease']);
    expect(pool.stats()).toMatchObject({ classes: [{ slots: 3, free: 0 }], allocatedBytes: 160 });
    leases[1]?.release();
    expect(pool.stats()).toMatchObject({ classes: [{ slots: 3, free: 2 }], allocatedBytes: 180 });
  });

  it('makes slots before one-offs take the room', async () => {
    const pool = makePool({ classes: [], budgetBytes: 300 });
    const oneOffs = [take(pool, 150), take(pool, 150)];
    pool.resize(slots(100, 2, 300));
    const waiter = watch(pool.acquire(101));
    expect(await states(waiter)).toEqual(['too-large']);
    pool.resize(slots(90, 2, 300));
    const roomWaiter = watch(pool.acquire(120));
    oneOffs[0]?.release();
    expect(await states(roomWaiter)).toEqual(['waiting']);
    expect(pool.stats()).toMatchObject({ classes: [{ free: 1 }], allocatedBytes: 240 });
    oneOffs[1]?.release();
    expect(await states(roomWaiter)).toEqual(['lease']);
    expect(pool.stats()).toMatchObject({ classes: [{ free: 2 }], allocatedBytes: 300 });
  });

  it('serves waiters that new slots fit, oldest first', async () => {
    const pool = makePool(slots(100, 1));
    take(pool, 100);
    const fates = [80, 90, 100].map((byteLength) => watch(pool.acquire(byteLength)));
    pool.resize(slots(100, 3));
    expect(await states(...fates)).toEqual(['lease', 'lease', 'waiting']);
    pool.resize(slots(100, 3, 1000));
    expect(await states(...fates)).toEqual(['lease', 'lease', 'waiting']);
  });

  it('serves one-offs that a larger budget holds', async () => {
    const pool = makePool({ classes: [], budgetBytes: 100 });
    take(pool, 100);
    const waiter = watch(pool.acquire(100));
    pool.resize({ classes: [], budgetBytes: 200 });
    expect(await states(waiter)).toEqual(['lease']);
  });

  it('rejects waiters that the new shape could never serve', async () => {
    const pool = makePool(slots(100, 1));
    take(pool, 100);
    const hopeless = watch(pool.acquire(100));
    const patient = watch(pool.acquire(50));
    pool.resize(slots(50, 1));
    expect(await states(hopeless, patient)).toEqual(['too-large', 'waiting']);
    expect(hopeless.error?.message).toMatch(/100 bytes/);
    expect(pool.stats().waiting).toBe(1);
  });

  it('serves at once who stood behind one that it could never serve', async () => {
    const pool = makePool({ classes: [], budgetBytes: 900 });
    take(pool, 1);
    const hopeless = watch(pool.acquire(900));
    const behind = watch(pool.acquire(400));
    pool.resize({ classes: [], budgetBytes: 600 });
    expect(await states(hopeless, behind)).toEqual(['too-large', 'lease']);
  });

  it('to a shape that makes no sense changes nothing', () => {
    const pool = makePool();
    const before = pool.stats();
    expect(codeOf(() => pool.resize(slots(100, 2, 199)))).toBe('bad-argument');
    expect(pool.stats()).toEqual(before);
  });

  it('goes on with fewer slots where the system has no memory for all', async () => {
    const pool = makePool(slots(100, 1));
    const lease = take(pool, 100);
    const classes = [
      { byteLength: 100, slots: 1 },
      { byteLength: 2 ** 50, slots: 1 },
    ];
    const waiter = watch(pool.acquire(100));
    expect(codeOf(() => pool.resize({ classes, budgetBytes: 2 ** 51 }))).toBe('out-of-memory');
    expect(pool.stats().classes).toEqual([{ byteLength: 100, slots: 1, free: 0 }]);
    lease.release();
    expect(await states(waiter)).toEqual(['lease']);
  });

  it('lets nobody wait for a slot that the system turns out not to have', async () => {
    const pool = makePool(slots(100, 1));
    const lease = take(pool, 100);
    pool.resize(slots(2 ** 50, 1));
    const hopeless = watch(pool.acquire(2 ** 49));
    const modest = watch(pool.acquire(1000));
    expect(await states(hopeless, modest)).toEqual(['waiting', 'waiting']);
    lease.release();
    expect(await states(hopeless, modest)).toEqual(['out-of-memory', 'lease']);
    expect(pool.stats()).toMatchObject({ classes: [], allocatedBytes: 1000, oneOffs: 1 });
  });
});
