import type { Certainty } from '../../shared/probing.ts';
import { difference, likeness } from './likeness.ts';
import { changed, type Planes, scene } from './scene.ts';
import type { Sized } from './size-rule.ts';
import type { Trial } from './trial.ts';

/** Values of black and white. */
export type ValueRange = readonly [number, number];

/** The more usual ones first. */
const RANGES: readonly ValueRange[] = [
  [0, 1],
  [-1, 1],
  [0, 255],
];
/** A result as far from its source as this, root mean square of 0..1, may still be an enlargement of it. */
const LIKE = 0.1;
/** The same where the range is the usual one. */
const LIKE_USUAL = 0.15;
/** The same where the network itself says its range: what lies beyond is no picture at all. */
const LIKE_SAID = 3;
/**
 * The range around zero fits so many times better by nature: what a network does to values goes with their size, and what it
 * adds counts half in a range twice as wide.
 */
const FLATTERED = 4;
/** As near as this, a range fits whatever another does. */
const NEAR = 0.02;
/** Runs that are of more use than other ranges than the usual one. */
const RUNS_AFTER = 4;
/** How far beyond every range the values go that show where a network clips. */
const REACH = 400;
/** Share of values that stand at an end, where the end is a limit. */
const AT_LIMIT = 0.01;

export interface RangeFinding {
  /** Of what the network takes. */
  range: ValueRange;
  /** Of what it gives; usually the same. */
  result: ValueRange;
  certain: Certainty;
  /** Ranges that fit as well, the chosen one included; one where nothing is open. */
  possible: readonly ValueRange[];
  /** Whether the result looks like the source at all. */
  alike: boolean;
}

/**
 * Finds out between which values a float network takes and gives black and white. `said`: what its graph says; `usual`: where
 * nothing tells.
 */
export async function learnRange(
  trial: Trial,
  sized: Sized,
  { usual, said }: { usual: ValueRange; said?: ValueRange | undefined },
): Promise<RangeFinding> {
  const { feeding, rule } = sized;
  const size = sizeOf(sized);
  const source = scene({ ...size, channels: feeding.channels });
  const limits = trial.expense.affords(size.width * size.height, RUNS_AFTER + RANGES.length)
    ? await limitsOf(trial, sized, source)
    : undefined;
  const results: { range: ValueRange; made: Planes }[] = [];
  const likely = (range: ValueRange) => Number(sameRange(range, said ?? usual));
  for (const range of RANGES.toSorted((a, b) => likely(b) - likely(a))) {
    if (results.length > 0 && !trial.expense.affords(size.width * size.height, RUNS_AFTER)) break;
    const made = await trial.run(source, { ...feeding, range });
    if (made) results.push({ range, made });
  }
  const fits = results.flatMap(({ range, made }) =>
    (limits ? [limits] : RANGES).map((result) => {
      const unit = (raw: number) => (raw - result[0]) / (result[1] - result[0]);
      return { range, result, error: anyOrder(likeness(source, made, rule, unit)) };
    }),
  );
  const same = fits.filter(({ range, result }) => range === result);
  const told = said && rangeAsSaid(fits, said);
  if (told) return { ...found(told, [], true), certain: limits ? 'measured' : 'read' };
  const usable = same.filter(({ range, error }) => error <= (sameRange(range, usual) ? LIKE_USUAL : LIKE));
  // Where several fit, the one in the usual order of ranges: constants that layers add make small ranges fit less.
  const chosen = usable.find(({ range }) => sameRange(range, usual)) ?? usable[0];
  const plain = same.find(({ range }) => sameRange(range, usual));
  if (plain && chosen && isFlattered(chosen, plain)) return found(plain, usable, false);
  if (chosen) {
    const rivals = usable.filter(({ error }) => error <= Math.max(NEAR, 1.5 * chosen.error));
    // Clipped is clipped: its limits say which range it is.
    const open = limits ? [] : rivals.filter(({ range }) => !indifferent(range, chosen.range, results));
    return found(chosen, open, limits !== undefined);
  }
  const mixed = fits.reduce((a, b) => (b.error < a.error ? b : a), fits[0] ?? none(usual));
  if (mixed.error <= LIKE) return found(mixed, [], true);
  const range = limits ?? usual;
  return { range, result: range, certain: 'assumed', possible: RANGES, alike: false };
}

interface Fit {
  range: ValueRange;
  result: ValueRange;
  error: number;
}

/** What results fit a network that takes the range `said`; undefined where none does. */
function rangeAsSaid(fits: readonly Fit[], said: ValueRange): Fit | undefined {
  const [best] = fits.filter(({ range }) => sameRange(range, said)).sort((a, b) => a.error - b.error);
  const own = fits.find(({ range, result }) => sameRange(range, said) && sameRange(result, said));
  if (best && best.error <= LIKE) return own && own.error <= LIKE_USUAL ? own : best;
  return own && own.error <= LIKE_SAID ? own : undefined;
}

/** Whether the range around zero fits no better than it would fit a network of the usual range. */
const isFlattered = (fit: Fit, usual: Fit): boolean =>
  fit.range[0] < 0 && usual.error <= LIKE_SAID && fit.error > NEAR && usual.error < FLATTERED * fit.error;

const none = (range: ValueRange): Fit => ({ range, result: range, error: Number.POSITIVE_INFINITY });

function found(
  { range, result }: { range: ValueRange; result: ValueRange },
  open: readonly { range: ValueRange }[],
  limited: boolean,
): RangeFinding {
  const possible = [range, ...open.map((each) => each.range).filter((each) => each !== range)];
  const certain = limited || possible.length === 1 ? 'measured' : 'assumed';
  return { range, result, certain, possible, alike: true };
}

/** A result whose channels are in another order is like its source, too. */
function anyOrder(table: readonly (readonly number[])[]): number {
  return Math.min(difference(table), difference(table.map((row) => [...row].reverse())));
}

/** Whether a network makes the same of pictures in both ranges, so that either is right. */
function indifferent(
  range: ValueRange,
  chosen: ValueRange | undefined,
  results: readonly { range: ValueRange; made: Planes }[],
): boolean {
  if (!chosen || range === chosen) return true;
  const [a, b] = [range, chosen].map((each) => results.find((result) => result.range === each));
  if (!a || !b) return true;
  const unit = ({ range: [black, white], made }: typeof a) =>
    made.data.map((raw) => (raw - black) / (white - black));
  const [one, other] = [unit(a), unit(b)];
  return one.every((value, at) => Math.abs(value - (other[at] as number)) < 0.5 / 255);
}

/** The range to which results are limited, if they are: seen where the picture goes far beyond all ranges. */
async function limitsOf(trial: Trial, { feeding }: Sized, source: Planes): Promise<ValueRange | undefined> {
  const wild = changed(source, (value) => REACH * (2 * value - 1));
  const made = await trial.run(wild, { ...feeding, range: [0, 1] });
  if (!made) return undefined;
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of made.data) {
    if (!Number.isFinite(value)) return undefined;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const near = (high - low) * 1e-3;
  const share = (limit: number) =>
    made.data.reduce((count, value) => count + Number(Math.abs(value - limit) <= near), 0) / made.data.length;
  if (high === low || share(low) < AT_LIMIT || share(high) < AT_LIMIT) return undefined;
  return RANGES.find((range) => {
    const slack = 0.02 * (range[1] - range[0]);
    return Math.abs(low - range[0]) <= slack && Math.abs(high - range[1]) <= slack;
  });
}

export const sameRange = (a: ValueRange, b: ValueRange): boolean => a[0] === b[0] && a[1] === b[1];

export function sizeOf({ rule: { fixed, side } }: Sized): { width: number; height: number } {
  return fixed ? { width: fixed[0], height: fixed[1] } : { width: side, height: side };
}
