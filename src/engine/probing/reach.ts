import { changed, type Planes, scene } from './scene.ts';
import type { Sized } from './size-rule.ts';
import type { Feeding, Trial } from './trial.ts';

/** Source pixels that are changed in one stripe, at least, unless steps are wider than these. */
const STRIPE = 8;
const WIDE_STEP = 16;

/** How much a result changes at a distance from what was changed: index 0 is the first pixel beyond it. */
export interface Profile {
  /** The largest change of a value, in the units of the result. */
  changes: Float64Array;
  /** Distances up to which the trial could see; the last entries of `changes` on the nearer side. */
  seen: number;
}

type Change = (value: number, x: number, y: number) => number;

/**
 * Changes a stripe of `picture`, across one `axis`, and sees how far the result changes from what it was `before`. The stripe
 * begins, and its last pixel lies, `phase` pixels after a multiple near the middle. Undefined if the network fails, or
 * gives values that are no numbers.
 */
export async function stripeReach(
  trial: Trial,
  { feeding, rule }: Sized,
  { picture, before }: { picture: Planes; before: Planes },
  {
    axis,
    phase,
    change,
    stripe = stripeOf(rule.multiple),
  }: { axis: 'x' | 'y'; phase: number; change: Change; stripe?: number },
): Promise<Profile | undefined> {
  const { width, height } = picture;
  const length = axis === 'x' ? width : height;
  const { multiple } = rule;
  const begin = Math.floor((length - stripe) / 2 / multiple) * multiple + phase;
  const end = begin + stripe;
  const inside = (x: number, y: number) => {
    const place = axis === 'x' ? x : y;
    return place >= begin && place < end;
  };
  const other = changed(picture, (value, x, y) => (inside(x, y) ? change(value, x, y) : value));
  const after = await trial.run(other, feeding);
  if (!after) return undefined;
  const changes = new Float64Array(length);
  for (let at = 0; at < before.data.length; at++) {
    const difference = Math.abs((before.data[at] as number) - (after.data[at] as number));
    if (Number.isNaN(difference)) return undefined;
    if (difference === 0) continue;
    const inPlane = at % (before.width * before.height);
    const place = axis === 'x' ? inPlane % before.width : Math.floor(inPlane / before.width);
    const source = Math.floor((place + rule.trim) / rule.scale);
    const distance = source < begin ? begin - source : source - end + 1;
    if (distance < 1) continue;
    changes[distance - 1] = Math.max(changes[distance - 1] as number, difference);
  }
  // What the network trims cannot be seen.
  const hidden = Math.ceil(rule.trim / rule.scale);
  return { changes, seen: Math.min(begin, length - end) - hidden };
}

/** One pixel more than whole multiples, so that both of its ends have the same phase. */
function stripeOf(multiple: number): number {
  return multiple > WIDE_STEP ? 1 : Math.ceil(STRIPE / multiple) * multiple + 1;
}

/** The greatest distance at which something changes by more than `level`; 0 if nothing does. */
export function farthest({ changes }: Profile, level = 0): number {
  return changes.findLastIndex((change) => change > level) + 1;
}

/** The larger of two profiles at every distance; what only one has seen counts. */
export function joined(a: Profile, b: Profile): Profile {
  const [long, short] = a.changes.length >= b.changes.length ? [a, b] : [b, a];
  return {
    changes: long.changes.map((change, at) => Math.max(change, short.changes[at] ?? 0)),
    seen: Math.min(a.seen, b.seen),
  };
}

/** A picture for trials of `side` pixels, or of the only size that there is. */
export function pictureOf(
  { feeding, rule }: { feeding: Feeding; rule: Sized['rule'] },
  side: number,
): Planes {
  const [width, height] = rule.fixed ?? [side, side];
  return scene({ width, height, channels: feeding.channels });
}
