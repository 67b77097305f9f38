/** A size class at one moment. */
interface ClassStats {
  readonly byteLength: number;
  /** How many it should have; for a while after `resize` fewer may exist, until older leases make room. */
  readonly slots: number;
  readonly free: number;
}

/** What happened since the pool was made. */
interface PoolCounters {
  /** Requests served at once from a slot. */
  hits: number;
  /** Requests that had to wait, or were served at once by a one-off allocation; a `tryAcquire` in vain is neither. */
  misses: number;
  /** Requests that had to wait, whatever became of them. */
  waits: number;
  /** One-off allocations made, at once or after a wait. */
  oneOffs: number;
  /** Waits that ended by their time-out. */
  timeouts: number;
  /** Waits that ended by their signal; a signal that had fired before counts nowhere. */
  aborts: number;
  /** Leases garbage-collected unreleased. */
  leaks: number;
}

/** The memory of a pool at one moment. */
export interface StoreStats {
  /** Ascending; without classes of a former shape. */
  readonly classes: readonly ClassStats[];
  readonly budgetBytes: number;
  /** Leases out. */
  readonly inUse: number;
  /** The bytes of the buffers on lease, which may be larger than was asked for. */
  readonly inUseBytes: number;
  /** The bytes that the pool holds: all slots, free or leased, and the one-offs on lease. */
  readonly allocatedBytes: number;
  /** The most that `inUseBytes` has been. */
  readonly highWaterBytes: number;
}

/** A pool at one moment. */
export interface PoolStats extends StoreStats, Readonly<PoolCounters> {
  /** Requests waiting. */
  readonly waiting: number;
}

/** All at zero. */
export function newCounters(): PoolCounters {
  return { hits: 0, misses: 0, waits: 0, oneOffs: 0, timeouts: 0, aborts: 0, leaks: 0 };
}
