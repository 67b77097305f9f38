import { Lease, type LeaseOwner } from './lease.ts';
import { doubleReleaseError, foreignReleaseError } from './refusals.ts';
import type { Slot } from './slot.ts';

interface LeaseBookEvents {
  /** A lease was released. */
  returned(slot: Slot): void;
  /** A lease was garbage-collected unreleased. */
  leaked(slot: Slot): void;
}

/** Makes leases, and tells once of each that has ended. */
export class LeaseBook {
  readonly #owner: LeaseOwner;
  // Holds slots, never leases: a lease held here could not be collected.
  readonly #unreleased: FinalizationRegistry<Slot>;

  constructor({ returned, leaked }: LeaseBookEvents) {
    this.#unreleased = new FinalizationRegistry(leaked);
    this.#owner = {
      takeBack: (slot) => {
        this.#unreleased.unregister(slot);
        returned(slot);
      },
    };
  }

  lend(slot: Slot, byteLength: number): Lease {
    const lease = new Lease(this.#owner, slot, byteLength);
    this.#unreleased.register(lease, slot, slot);
    return lease;
  }

  /** Throws 'pool-foreign-release' for a lease of another book, 'pool-double-release' for one that has ended. */
  release(lease: Lease): void {
    if (!lease.isFrom(this.#owner)) throw foreignReleaseError(lease.byteLength);
    if (lease.released) throw doubleReleaseError(lease.byteLength);
    lease.release();
  }
}
