import type { PoolShape } from './shape.ts';

const MEBIBYTE = 1024 * 1024;

/** Sizes of slots, small pictures to 24 megapixels enlarged twice; what is larger is allocated once. */
const CLASSES = [2, 8, 48, 192, 512];
/** Share of the budget that slots may take; the rest is for frames larger than any slot. */
const SLOT_SHARE = 0.6;
/** More frames than this are never in work at once. */
const MOST_SLOTS = 6;

/**
 * Slots for a budget in bytes: an equal part of the slots' share for every class, as far as it goes.
 * Memory that was never touched costs nothing, so that a slot takes room only once a picture has filled it.
 */
export function poolShape(budgetBytes: number): PoolShape {
  const share = (budgetBytes * SLOT_SHARE) / CLASSES.length;
  const classes = CLASSES.map((mebibytes) => {
    const byteLength = mebibytes * MEBIBYTE;
    return { byteLength, slots: Math.min(MOST_SLOTS, Math.floor(share / byteLength)) };
  });
  return { classes: classes.filter(({ slots }) => slots > 0), budgetBytes };
}
