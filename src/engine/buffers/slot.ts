import { outOfMemoryError } from './refusals.ts';

/** A buffer that the pool lends; it outlives its leases, and stands for the present one in the leak registry. */
export interface Slot {
  readonly buffer: SharedArrayBuffer;
  /** The size class it returns to; a one-off allocation has none. */
  readonly home: SlotClass | undefined;
  /** What its present lease asked for. */
  leasedBytes: number;
}

/** A size class with its slots that are not on lease. */
export interface SlotClass {
  readonly byteLength: number;
  slots: number;
  made: number;
  readonly free: Slot[];
}

/** A new slot of `byteLength` bytes, all zero. Throws 'out-of-memory' where the system has no such block. */
export function makeSlot(byteLength: number, home: SlotClass | undefined): Slot {
  try {
    return { buffer: new SharedArrayBuffer(byteLength), home, leasedBytes: 0 };
  } catch (cause) {
    throw outOfMemoryError(byteLength, cause);
  }
}
