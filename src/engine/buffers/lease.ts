import { usedAfterReleaseError } from './refusals.ts';
import type { Slot } from './slot.ts';

/** Where leases give their slots back to. */
export interface LeaseOwner {
  takeBack(slot: Slot): void;
}

/**
 * The right to use one buffer until `release()`; take it with `using`, and keep the lease for as long as its buffer
 * or bytes are in use, in this thread or another: they do not keep it alive, and a lease that is garbage-collected
 * unreleased gives its slot to the next comer (see `ImageBufferPool`).
 * The buffer is not cleared: it holds whatever its last user left.
 */
export class Lease implements Disposable {
  /** What was asked for, in bytes. */
  readonly byteLength: number;
  readonly #owner: LeaseOwner;
  #slot: Slot | undefined;
  #bytes: Uint8Array<SharedArrayBuffer> | undefined;

  constructor(owner: LeaseOwner, slot: Slot, byteLength: number) {
    this.#owner = owner;
    this.#slot = slot;
    this.byteLength = byteLength;
  }

  get released(): boolean {
    return this.#slot === undefined;
  }

  /** The whole slot, `byteLength` bytes or more. Throws 'internal' after release. */
  get buffer(): SharedArrayBuffer {
    return this.#held().buffer;
  }

  /** Exactly `byteLength` bytes, from the start of `buffer`; always the same view. Throws 'internal' after release. */
  get bytes(): Uint8Array<SharedArrayBuffer> {
    const { buffer } = this.#held();
    this.#bytes ??= new Uint8Array(buffer, 0, this.byteLength);
    return this.#bytes;
  }

  /** Whether `owner` lent it. */
  isFrom(owner: LeaseOwner): boolean {
    return this.#owner === owner;
  }

  /** Gives the buffer back; from then on it may be anybody's. A second call does nothing. */
  release(): void {
    const slot = this.#slot;
    if (slot === undefined) return;
    this.#slot = undefined;
    this.#bytes = undefined; // A lease kept after its release must not keep the memory of a one-off.
    this.#owner.takeBack(slot);
  }

  [Symbol.dispose](): void {
    this.release();
  }

  #held(): Slot {
    if (this.#slot !== undefined) return this.#slot;
    throw usedAfterReleaseError(this.byteLength);
  }
}
