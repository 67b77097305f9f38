import { asEnlargerError, cancelledError, type EnlargerError } from '../../shared/errors.ts';
import type { Lease } from './lease.ts';
import { LeaseBook } from './lease-book.ts';
import { chooseWaiter } from './policy.ts';
import { stoppedError, timeoutError, tooLargeError } from './refusals.ts';
import { expectWhole, type PoolShape, parseShape } from './shape.ts';
import type { Slot } from './slot.ts';
import { SlotStore } from './slot-store.ts';
import { newCounters, type PoolStats } from './stats.ts';
import { WaitLine, type WaitOptions } from './wait-line.ts';

/** A lease that was garbage-collected before it was released. */
interface Leak {
  /** What was asked for, in bytes. */
  readonly byteLength: number;
  /** The size of the buffer that was reclaimed, in bytes. */
  readonly bufferBytes: number;
}

interface PoolOptions extends PoolShape {
  /** Called after a leaked buffer was reclaimed. */
  readonly onLeak?: ((leak: Leak) => void) | undefined;
}

/** The longest that a Node timer can wait; longer ones would fire at once. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * Lends the SharedArrayBuffers that pixels live in, and makes none that its budget does not cover.
 *
 * Slots in size classes are allocated beforehand; what is larger than every class is allocated once, for one lease.
 * Who cannot be served waits, first come, first served (policy.ts says what that means for mixed sizes).
 *
 * A lease that is garbage-collected unreleased gives its buffer back and counts as a leak. The collector may be late
 * or never come, and it looks at the `Lease` alone: a view of its buffer may live on, here or in a worker, and would
 * then see the next user's pixels. So reclaiming keeps a leak from stopping the program; it does not make it safe.
 */
export class ImageBufferPool {
  readonly #store = new SlotStore();
  readonly #counters = newCounters();
  readonly #line: WaitLine<Lease>;
  readonly #leases: LeaseBook;
  #idle: PromiseWithResolvers<void> | undefined;
  #closed = false;

  /** Allocates all slots. Throws 'bad-argument' for a shape that makes no sense, 'out-of-memory' if memory is short. */
  constructor({ onLeak, ...shape }: PoolOptions) {
    this.#leases = new LeaseBook({
      returned: (slot) => this.#takeBack(slot),
      leaked: (slot) => {
        this.#counters.leaks += 1;
        const leak = { byteLength: slot.leasedBytes, bufferBytes: slot.buffer.byteLength };
        this.#takeBack(slot);
        onLeak?.(leak);
      },
    });
    this.#line = new WaitLine({
      timeoutError: (byteLength, timeoutMs) => timeoutError(byteLength, timeoutMs, this.#store),
      gaveUp: (reason) => {
        this.#counters[reason === 'timeout' ? 'timeouts' : 'aborts'] += 1;
        this.#serve(); // A one-off that gave up may have stood before one that fits.
      },
    });
    this.#store.reshape(parseShape(shape));
    const refused = this.#store.grow();
    if (refused) throw refused;
  }

  /**
   * A lease on at least `byteLength` bytes (a whole number from 1), at once if it can be had, else when it can.
   * Rejects with 'pool-timeout' after `timeoutMs` milliseconds, with what `signal` stands for when it fires
   * ('cancelled'), with 'stopped' when the pool is or becomes closed, with 'too-large' what no slot and no budget
   * could ever hold, with 'out-of-memory' a one-off that the system refuses, and with 'bad-argument'.
   */
  async acquire(byteLength: number, options: WaitOptions = {}): Promise<Lease> {
    const { timeoutMs, signal } = options;
    if (timeoutMs !== undefined) expectWhole('timeoutMs', timeoutMs, 0, LONGEST_TIMEOUT_MS);
    if (signal?.aborted) throw cancelledError(signal);
    const lease = this.tryAcquire(byteLength);
    if (lease) return lease;
    this.#counters.misses += 1;
    this.#counters.waits += 1;
    return this.#line.join(byteLength, options);
  }

  /**
   * A lease on at least `byteLength` bytes (a whole number from 1) if it can be had at once and nobody is overtaken.
   * Throws 'stopped', 'too-large', 'out-of-memory' and 'bad-argument' as `acquire` does.
   */
  tryAcquire(byteLength: number): Lease | undefined {
    if (this.#closed) throw stoppedError();
    expectWhole('byteLength', byteLength, 1);
    const slot = this.#store.take(byteLength);
    if (slot) {
      this.#counters.hits += 1;
      return this.#leases.lend(slot, byteLength);
    }
    if (!this.#couldServe(byteLength)) throw tooLargeError(byteLength, this.#store);
    // The newcomer stands last: it is chosen, for a one-off, only if nobody before it waits for one.
    const newcomer = { byteLength };
    if (chooseWaiter([...this.#line, newcomer], this.#store.offer()) !== newcomer) return undefined;
    const oneOff = this.#takeOneOff(byteLength);
    this.#counters.misses += 1;
    return this.#leases.lend(oneOff, byteLength);
  }

  /**
   * Releases `lease`, and unlike `lease.release()` insists that it is this pool's and still out.
   * Throws 'pool-foreign-release' or 'pool-double-release'.
   */
  release(lease: Lease): void {
    this.#leases.release(lease);
  }

  /**
   * Takes on another shape, leases being out or not. Those stay valid; slots the new shape has no place for are
   * dropped, leased ones when they return, and new ones that the budget cannot hold beside them are made when it can.
   * Waiters that the new shape serves are served, those that it never could are rejected with 'too-large'.
   * Throws 'bad-argument' (nothing has changed then), 'stopped', and 'out-of-memory' where the system has no memory
   * for all the slots (the pool goes on with fewer).
   */
  resize(shape: PoolShape): void {
    if (this.#closed) throw stoppedError();
    this.#store.reshape(parseShape(shape));
    const refused = this.#growAndServe();
    if (refused) throw refused;
  }

  /** The pool at this moment; a snapshot that does not change. */
  stats(): PoolStats {
    return { ...this.#store.stats(), ...this.#counters, waiting: this.#line.size };
  }

  /** Rejects all waiters with 'stopped' and lends no more; leases out stay valid. A second call does nothing. */
  close(): void {
    this.#closed = true;
    this.#store.reshape({ classes: [], budgetBytes: 0 });
    for (const waiter of this.#line) waiter.refuse(stoppedError());
  }

  /** Resolves when no lease is out, at once if none is. A buffer that passes straight to a waiter stays out. */
  async whenIdle(): Promise<void> {
    if (this.#store.inUse === 0) return;
    this.#idle ??= Promise.withResolvers<void>();
    await this.#idle.promise;
  }

  #takeBack(slot: Slot): void {
    const roomier = this.#store.giveBack(slot);
    if (roomier) this.#growAndServe();
    else this.#serve();
    if (this.#store.inUse > 0) return;
    this.#idle?.resolve();
    this.#idle = undefined;
  }

  /** Returns the error of slots that the system refused to make, if it did. */
  #growAndServe(): EnlargerError | undefined {
    const refused = this.#store.grow();
    this.#serve();
    let isShorter = false;
    for (const waiter of this.#line) {
      const { byteLength } = waiter;
      if (this.#couldServe(byteLength)) continue;
      waiter.refuse(tooLargeError(byteLength, this.#store));
      isShorter = true;
    }
    // Who stood behind one that will never be served need not wait any more.
    if (isShorter) this.#serve();
    return refused;
  }

  #serve(): void {
    while (this.#line.size > 0) {
      const waiter = chooseWaiter(this.#line, this.#store.offer());
      if (waiter === undefined) return;
      const { byteLength } = waiter;
      try {
        const slot = this.#store.take(byteLength) ?? this.#takeOneOff(byteLength);
        waiter.serve(this.#leases.lend(slot, byteLength));
      } catch (error) {
        waiter.refuse(asEnlargerError(error, 'out-of-memory'));
      }
    }
  }

  #takeOneOff(byteLength: number): Slot {
    const slot = this.#store.takeOneOff(byteLength);
    this.#counters.oneOffs += 1;
    return slot;
  }

  #couldServe(byteLength: number): boolean {
    return byteLength <= Math.max(this.#store.largestClassBytes, this.#store.largestOneOffBytes);
  }
}
