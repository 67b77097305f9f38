import { describe, expect, it } from 'vitest';
import { codeOf, makePool, take } from './support.ts';

describe('a lease', () => {
  it('gives a slot, and a view of exactly what was asked', () => {
    const lease = take(makePool(), 60);
    expect(lease.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(lease.buffer.byteLength).toBe(100);
    expect(lease.byteLength).toBe(60);
    expect(lease.bytes.buffer).toBe(lease.buffer);
    expect([lease.bytes.byteOffset, lease.bytes.length]).toEqual([0, 60]);
    expect(lease.bytes).toBe(lease.bytes);
  });

  it('is given back once, however often it is released', () => {
    const pool = makePool();
    const lease = take(pool, 60);
    const { buffer } = lease;
    expect(lease.released).toBe(false);
    lease.release();
    expect(lease.released).toBe(true);
    const next = take(pool, 60);
    expect(next.buffer).toBe(buffer);
    lease.release();
    lease[Symbol.dispose]();
    expect(next.released).toBe(false);
    expect(pool.stats()).toMatchObject({ inUse: 1, inUseBytes: 100 });
    expect(take(pool, 60).buffer).not.toBe(buffer);
  });

  it('ends with the scope of its using', () => {
    const pool = makePool();
    {
      using lease = take(pool, 60);
      expect(lease.bytes.fill(7)[59]).toBe(7);
      expect(pool.stats().inUse).toBe(1);
    }
    expect(pool.stats().inUse).toBe(0);
  });

  it('shows nothing once it is released', () => {
    const lease = take(makePool(), 60);
    expect(lease.bytes.length).toBe(60);
    lease.release();
    expect(codeOf(() => lease.buffer)).toBe('internal');
    expect(codeOf(() => lease.bytes)).toBe('internal');
    expect(() => lease.bytes).toThrow(/60 bytes was used after its lease was released/);
    expect(lease.byteLength).toBe(60);
  });
});

describe('release by the pool', () => {
  it('gives the slot back', () => {
    const pool = makePool();
    const lease = take(pool, 60);
    pool.release(lease);
    expect(lease.released).toBe(true);
    expect(pool.stats().inUse).toBe(0);
  });

  it.each([['by the pool'], ['by itself']])('refuses a lease that was released %s', (by) => {
    const pool = makePool();
    const lease = take(pool, 60);
    if (by === 'by itself') lease.release();
    else pool.release(lease);
    expect(codeOf(() => pool.release(lease))).toBe('pool-double-release');
    expect(pool.stats().inUse).toBe(0);
  });

  it('refuses a lease of another pool, which stays out', () => {
    const lease = take(makePool(), 60);
    const pool = makePool();
    expect(codeOf(() => pool.release(lease))).toBe('pool-foreign-release');
    expect(lease.released).toBe(false);
    expect(pool.stats().inUse).toBe(0);
    lease.release();
    expect(codeOf(() => pool.release(lease))).toBe('pool-foreign-release');
  });
});
