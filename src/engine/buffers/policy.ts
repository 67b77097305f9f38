/**
 * Who gets which memory, as pure functions.
 *
 * Two resources, never mixed: *slots* serve every request up to the largest class, *room* (budget that no slot
 * claims) serves only larger ones, the one-off allocations. So slot traffic, however heavy, cannot starve a one-off.
 *
 * Slots: a request may take any slot that is large enough, the smallest such first. No slot therefore lies idle while
 * somebody waits whom it would serve, which has two consequences: a free slot that fits a new arrival fits no older
 * waiter (nothing is overtaken), and large requests wait at most for the leases and waiters that came before them.
 *
 * Room: strictly first come, first served. A small one-off behind a large one waits even if it would fit now; else a
 * stream of small ones could keep the room for ever too small for the large one.
 */

/** A size class as it stands. */
export interface ClassState {
  readonly byteLength: number;
  /** How many slots it should have; 0 for one that only awaits the return of its leases. */
  readonly slots: number;
  /** How many slots exist, free or leased. */
  readonly made: number;
  readonly free: { readonly length: number };
}

/** What can be handed out at this moment, in bytes. */
export interface Offer {
  /** The largest free slot, 0 if there is none. */
  readonly slotBytes: number;
  /** Larger requests than this are one-offs. */
  readonly largestClassBytes: number;
  /** What one-offs may still take. */
  readonly roomBytes: number;
}

interface Request {
  readonly byteLength: number;
}

/** The class that serves a request of `byteLength` bytes now; `classes` ascend in size. */
export function chooseClass<C extends ClassState>(classes: readonly C[], byteLength: number): C | undefined {
  for (const sizeClass of classes) {
    if (sizeClass.byteLength >= byteLength && sizeClass.free.length > 0) return sizeClass;
  }
  return undefined;
}

/** The oldest of `waiters` (oldest first) that `offer` can serve. */
export function chooseWaiter<W extends Request>(waiters: Iterable<W>, offer: Offer): W | undefined {
  let oneOffAhead = false;
  for (const waiter of waiters) {
    if (waiter.byteLength <= offer.slotBytes) return waiter;
    if (waiter.byteLength <= offer.largestClassBytes || oneOffAhead) continue;
    if (waiter.byteLength <= offer.roomBytes) return waiter;
    oneOffAhead = true;
  }
  return undefined;
}

/** The bytes that one-offs may still take; slots that a class has yet to make, or to drop, are taken already. */
export function roomForOneOffs(
  classes: readonly ClassState[],
  oneOffBytes: number,
  budgetBytes: number,
): number {
  let taken = oneOffBytes;
  for (const { byteLength, slots, made } of classes) taken += byteLength * Math.max(slots, made);
  return Math.max(0, budgetBytes - taken);
}

/** The bytes of the largest one-off that could be had were nothing on lease. */
export function largestOneOff(classes: readonly ClassState[], budgetBytes: number): number {
  return classes.reduce((left, { byteLength, slots }) => left - byteLength * slots, budgetBytes);
}

/** The class to make a slot for, where one is missing and its bytes are left; the smallest, to have most soonest. */
export function chooseGrowth<C extends ClassState>(classes: readonly C[], freeBytes: number): C | undefined {
  return classes.find(({ slots, made, byteLength }) => made < slots && byteLength <= freeBytes);
}
