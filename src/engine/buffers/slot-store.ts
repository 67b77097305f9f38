import { asEnlargerError, type EnlargerError } from '../../shared/errors.ts';
import { chooseClass, chooseGrowth, largestOneOff, type Offer, roomForOneOffs } from './policy.ts';
import type { PoolShape } from './shape.ts';
import { makeSlot, type Slot, type SlotClass } from './slot.ts';
import type { StoreStats } from './stats.ts';

/** The memory of a pool and its accounts; who may have it is decided elsewhere. */
export class SlotStore {
  /** Ascending; includes classes of a former shape whose slots were on lease when it ended. */
  #classes: SlotClass[] = [];
  #budgetBytes = 0;
  #largestClassBytes = 0;
  #allocatedBytes = 0;
  #oneOffBytes = 0;
  #inUse = 0;
  #inUseBytes = 0;
  #highWaterBytes = 0;

  get inUse(): number {
    return this.#inUse;
  }

  get inUseBytes(): number {
    return this.#inUseBytes;
  }

  get budgetBytes(): number {
    return this.#budgetBytes;
  }

  /** Larger requests than this are one-offs. */
  get largestClassBytes(): number {
    return this.#largestClassBytes;
  }

  /** The bytes of the largest one-off that could be had were nothing on lease. */
  get largestOneOffBytes(): number {
    return largestOneOff(this.#classes, this.#budgetBytes);
  }

  stats(): StoreStats {
    return {
      classes: this.#classes
        .filter(({ slots }) => slots > 0)
        .map(({ byteLength, slots, free }) => ({ byteLength, slots, free: free.length })),
      budgetBytes: this.#budgetBytes,
      inUse: this.#inUse,
      inUseBytes: this.#inUseBytes,
      allocatedBytes: this.#allocatedBytes,
      highWaterBytes: this.#highWaterBytes,
    };
  }

  /** What can be handed out at this moment. */
  offer(): Offer {
    return {
      slotBytes: this.#classes.findLast(({ free }) => free.length > 0)?.byteLength ?? 0,
      largestClassBytes: this.#largestClassBytes,
      roomBytes: roomForOneOffs(this.#classes, this.#oneOffBytes, this.#budgetBytes),
    };
  }

  /** A free slot for `byteLength` bytes, if there is one. */
  take(byteLength: number): Slot | undefined {
    const slot = chooseClass(this.#classes, byteLength)?.free.pop();
    return slot && this.#lend(slot, byteLength);
  }

  /** A fresh allocation of `byteLength` bytes; that it has room is the caller's to see. Throws 'out-of-memory'. */
  takeOneOff(byteLength: number): Slot {
    const slot = makeSlot(byteLength, undefined);
    this.#oneOffBytes += byteLength;
    this.#allocatedBytes += byteLength;
    return this.#lend(slot, byteLength);
  }

  /** Takes back what was lent; true if its bytes left the pool, so that others may be allocated. */
  giveBack(slot: Slot): boolean {
    const { home, buffer } = slot;
    this.#inUse -= 1;
    this.#inUseBytes -= buffer.byteLength;
    if (home !== undefined && home.made <= home.slots) {
      home.free.push(slot);
      return false;
    }
    if (home !== undefined) {
      this.#unmake(home);
    } else {
      this.#oneOffBytes -= buffer.byteLength;
      this.#allocatedBytes -= buffer.byteLength;
    }
    return true;
  }

  /** Adopts a parsed `shape`: drops the free slots that it has no place for, makes none yet (see `grow`). */
  reshape({ classes, budgetBytes }: PoolShape): void {
    this.#budgetBytes = budgetBytes;
    for (const old of this.#classes) old.slots = 0;
    for (const { byteLength, slots } of classes) {
      const same = this.#classes.find((old) => old.byteLength === byteLength);
      if (same) same.slots = slots;
      else this.#classes.push({ byteLength, slots, made: 0, free: [] });
    }
    for (const sizeClass of this.#classes) {
      while (sizeClass.made > sizeClass.slots && sizeClass.free.pop()) this.#unmake(sizeClass);
    }
    this.#settle();
  }

  /**
   * Makes the slots that the shape has and the pool lacks, as far as the budget has their bytes now.
   * Where the system refuses one, its class goes without it and the error is returned: nobody waits for a slot that
   * will not come, and its share of the budget is room for one-offs.
   */
  grow(): EnlargerError | undefined {
    let refused: EnlargerError | undefined;
    for (;;) {
      const sizeClass = chooseGrowth(this.#classes, this.#budgetBytes - this.#allocatedBytes);
      if (sizeClass === undefined) break;
      try {
        sizeClass.free.push(makeSlot(sizeClass.byteLength, sizeClass));
        sizeClass.made += 1;
        this.#allocatedBytes += sizeClass.byteLength;
      } catch (error) {
        refused = asEnlargerError(error, 'out-of-memory');
        sizeClass.slots = sizeClass.made;
      }
    }
    if (refused) this.#settle();
    return refused;
  }

  #lend(slot: Slot, byteLength: number): Slot {
    slot.leasedBytes = byteLength;
    this.#inUse += 1;
    this.#inUseBytes += slot.buffer.byteLength;
    if (this.#inUseBytes > this.#highWaterBytes) this.#highWaterBytes = this.#inUseBytes;
    return slot;
  }

  #unmake(sizeClass: SlotClass): void {
    sizeClass.made -= 1;
    this.#allocatedBytes -= sizeClass.byteLength;
  }

  #settle(): void {
    this.#classes = this.#classes
      .filter(({ slots, made }) => slots > 0 || made > 0)
      .sort((a, b) => a.byteLength - b.byteLength);
    this.#largestClassBytes = this.#classes.findLast(({ slots }) => slots > 0)?.byteLength ?? 0;
  }
}
