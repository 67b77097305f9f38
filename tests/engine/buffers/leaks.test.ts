import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it, vi } from 'vitest';
import { ImageBufferPool } from '../../../src/engine/buffers/image-buffer-pool.ts';
import { leaseOf, makePool, settled, states, take, watch } from './support.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const ONE = { classes: [{ byteLength: 100, slots: 1 }], budgetBytes: 1000 };

/** A pool, and a promise of its next leak. */
function poolWithLeak() {
  const { promise: leak, resolve } = Promise.withResolvers<{ byteLength: number; bufferBytes: number }>();
  const onLeak = vi.fn(resolve);
  return { pool: new ImageBufferPool({ ...ONE, onLeak }), leak, onLeak };
}

/** Acquires and forgets: no frame of the test holds the lease. */
async function leakOne(pool: ImageBufferPool, byteLength: number): Promise<void> {
  await pool.acquire(byteLength);
}

describe('a lease that is collected unreleased', () => {
  it('gives its slot back, and is counted and told', async () => {
    const { pool, leak } = poolWithLeak();
    await leakOne(pool, 60);
    const idle = pool.whenIdle();
    await settled();
    collectGarbage();
    expect(await leak).toEqual({ byteLength: 60, bufferBytes: 100 });
    await idle;
    expect(pool.stats()).toMatchObject({ leaks: 1, inUse: 0, inUseBytes: 0, classes: [{ free: 1 }] });
  });

  it('gives its slot to the oldest waiter, before the leak is told', async () => {
    const { promise: told, resolve } = Promise.withResolvers<number>();
    const pool = new ImageBufferPool({ ...ONE, onLeak: () => resolve(pool.stats().waiting) });
    await leakOne(pool, 100);
    const waiter = watch(pool.acquire(100));
    await settled();
    collectGarbage();
    expect(await told).toBe(0);
    expect(await states(waiter)).toEqual(['lease']);
    expect(leaseOf(waiter).buffer.byteLength).toBe(100);
  });

  it('gives its one-off bytes back', async () => {
    const { pool, leak } = poolWithLeak();
    await leakOne(pool, 900);
    await settled();
    collectGarbage();
    expect(await leak).toEqual({ byteLength: 900, bufferBytes: 900 });
    expect(pool.stats()).toMatchObject({ allocatedBytes: 100, inUse: 0 });
  });

  it('is counted without anybody listening', async () => {
    const pool = makePool(ONE);
    await leakOne(pool, 100);
    const idle = pool.whenIdle();
    await settled();
    collectGarbage();
    await idle;
    expect(pool.stats().leaks).toBe(1);
  });
});

describe('a lease that was released', () => {
  it('does not take the slot from its next holder when it is collected', async () => {
    const { pool, leak, onLeak } = poolWithLeak();
    (() => take(pool, 50).release())();
    const holder = take(pool, 100);
    // A real leak stands beside it: once that is told, the collector has been through both.
    await leakOne(pool, 700);
    await settled();
    collectGarbage();
    expect(await leak).toMatchObject({ byteLength: 700 });
    await settled();
    expect(onLeak).toHaveBeenCalledTimes(1);
    expect(pool.stats()).toMatchObject({ leaks: 1, inUse: 1, classes: [{ free: 0 }] });
    expect(holder.released).toBe(false);
  });

  it('does not keep the memory of a one-off, even if it is itself kept', async () => {
    const { promise: gone, resolve } = Promise.withResolvers<string>();
    const views = new FinalizationRegistry<string>(resolve);
    const lease = take(makePool(ONE), 900);
    (() => views.register(lease.bytes, 'collected'))();
    lease.release();
    await settled();
    collectGarbage();
    expect(await gone).toBe('collected');
    expect(lease.released).toBe(true);
  });
});
