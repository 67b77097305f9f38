import { intsAttribute, type OnnxModel, writeModel } from '../quantisation/onnx-model.ts';
import { farthest, joined, type Profile, pictureOf, stripeReach } from './reach.ts';
import { reachabilityTwin } from './reachability-twin.ts';
import { changed } from './scene.ts';
import type { Sized } from './size-rule.ts';
import { Trial } from './trial.ts';
import type { ValueRange } from './value-range.ts';

/** The widest margin that is worth its time for being exact. */
const WIDEST_EXACT = 64;
/** Margins for networks that look at all of a picture, or farther than could be seen. */
const GLOBAL = { least: 32, most: 64 };
/** The widest margin that anything gets. */
const WIDEST = 256;
const POOLING = new Set(
  'GlobalAveragePool GlobalMaxPool InstanceNormalization GroupNormalization'.split(' '),
);
/** The narrowest margin of networks that look farther than is felt: other pictures may let more be felt. */
const LEAST_FELT = 16;
const LARGEST_SIDE = 384;
/** Milliseconds that one run of a larger picture may take. */
const LONGEST_RUN = 8000;
/** Of a level of eight bits; half of what may be seen, because a trial does not meet the worst picture. */
const FELT = 0.25;
/** Changes at the far end that are this much of those halfway are the same everywhere. */
const LEVEL_SHARE = 0.5;

export interface FieldFinding {
  radius: number;
  exact: boolean;
  /** Whether results depend on pixels at any distance, as far as could be seen. */
  global: boolean;
}

/**
 * How many source pixels around a tile its result depends on. Measured by changing parts of pictures; where the graph is plain
 * enough, also seen from how it is built, which a measurement may underestimate.
 */
export async function learnField(
  trial: Trial,
  sized: Sized,
  model: OnnxModel,
  range: ValueRange,
  file: string,
): Promise<FieldFinding> {
  const hidden = Math.ceil(sized.rule.trim / sized.rule.scale);
  const built = await builtRadius(trial, sized, model, file);
  const level = Math.abs(range[1] - range[0]) / 255;
  const profile = await measuredProfile(trial, sized, built !== undefined && built <= WIDEST_EXACT);
  if (!profile)
    return limited({ radius: Math.max(hidden, built ?? GLOBAL.least), exact: false, global: false }, sized);
  const { seen } = profile;
  const measured = farthest(profile);
  if (built !== undefined && built <= WIDEST_EXACT) {
    return limited({ radius: Math.max(built, measured, hidden), exact: true, global: false }, sized);
  }
  if (measured < seen - 1 && measured <= WIDEST_EXACT && built === undefined && !looksEverywhere(model)) {
    return limited({ radius: Math.max(measured, hidden), exact: true, global: false }, sized);
  }
  const felt = farthest(profile, FELT * level);
  const ended = felt < seen - 1;
  const unseen = Math.min(GLOBAL.most, Math.max(GLOBAL.least, ended ? felt : aboveAll(profile)));
  const global = looksEverywhere(model) || (built === undefined && everywhere(profile));
  const radius = global || !ended ? unseen : Math.min(felt, WIDEST);
  return limited({ radius: Math.max(radius, hidden, LEAST_FELT), exact: false, global }, sized);
}

/** Whether a network has parts that average over the whole of a picture. */
function looksEverywhere({ graph }: OnnxModel): boolean {
  return graph.node.some((node) => {
    if (POOLING.has(node.opType)) return true;
    if (node.opType !== 'ReduceMean') return false;
    const listed = graph.initializer.find(({ name }) => name === node.input[1])?.dims[0];
    return (intsAttribute(node, 'axes')?.length ?? Number(listed ?? 1n)) > 1;
  });
}

/** Of a network of one size only a part may be margin. */
function limited(field: FieldFinding, { rule: { fixed, trim, scale } }: Sized): FieldFinding {
  const most = fixed ? Math.max(Math.floor(Math.min(...fixed) / 4), Math.ceil(trim / scale)) : 1024;
  if (field.radius <= most) return field;
  return { ...field, radius: most, exact: false };
}

/** Whether changes stop growing smaller with distance: something looks at the whole. */
function everywhere({ changes, seen }: Profile): boolean {
  const half = changes[Math.floor(seen / 2)] ?? 0;
  const end = changes[seen - 1] ?? 0;
  return end > 0 && end >= LEVEL_SHARE * half;
}

/** The distance from which on changes are those of the far end. */
function aboveAll(profile: Profile): number {
  return farthest(profile, 1.5 * (profile.changes[profile.seen - 1] as number));
}

/** The radius as the network is built; undefined where it cannot be told, or lies beyond what is worth it. */
async function builtRadius(
  trial: Trial,
  sized: Sized,
  model: OnnxModel,
  file: string,
): Promise<number | undefined> {
  const { feeding, rule } = sized;
  const twin = reachabilityTwin(model, feeding.input, feeding.output);
  if (!twin) return undefined;
  const opened = await Trial.open(writeModel(twin), file, trial.expense).catch(() => undefined);
  if (!opened) return undefined;
  await using session = opened;
  // Ones reach as far as there is something to reach: black everywhere else.
  const plain: Sized = { rule, feeding: { ...feeding, dtype: 'float32', range: [0, 1] } };
  // What is trimmed hides as much of it.
  const hidden = Math.ceil(rule.trim / rule.scale);
  const sides = sidesFor(sized, [rule.side, 2 * (WIDEST_EXACT + hidden) + 48]);
  for (const side of sides) {
    const pixels = side * side;
    if (side === sides[0] && !trial.expense.affords(pixels, 8)) return undefined;
    // So slow a network is deep, and its margin is what is felt.
    if (side !== sides[0] && trial.expense.expected(8 * pixels) > LONGEST_RUN) break;
    const picture = changed(pictureOf(sized, side), () => 0);
    if (picture.channels === 4) picture.data.fill(0);
    const before = await session.run(picture, plain.feeding);
    if (!before) return undefined;
    let radius = 0;
    let inside = true;
    for (const phase of phasesOf(rule.multiple)) {
      for (const axis of ['x', 'y'] as const) {
        const profile = await stripeReach(
          session,
          plain,
          { picture, before },
          { axis, phase, change: () => 1, stripe: 1 },
        );
        if (!profile) return undefined;
        const reached = farthest(profile);
        radius = Math.max(radius, reached);
        if (reached >= profile.seen) inside = false;
      }
    }
    if (inside) return radius;
  }
  return rule.fixed ? undefined : Number.POSITIVE_INFINITY;
}

/** What is left of changes by distance, all directions and kinds of change together; larger pictures until they end. */
async function measuredProfile(trial: Trial, sized: Sized, known: boolean): Promise<Profile | undefined> {
  const { rule } = sized;
  let found: Profile | undefined;
  for (const side of sidesFor(sized, [rule.side, 2 * rule.side, 4 * rule.side, LARGEST_SIDE])) {
    const pixels = side * side;
    if (found && (!trial.expense.affords(pixels, 8) || trial.expense.expected(pixels) > LONGEST_RUN)) break;
    const here = await profileAt(trial, sized, side);
    if (!here) break;
    found = here;
    if (known || farthest(here) < here.seen - 1) break;
  }
  return found;
}

async function profileAt(trial: Trial, sized: Sized, side: number): Promise<Profile | undefined> {
  const picture = pictureOf(sized, side);
  const before = await trial.run(picture, sized.feeding);
  if (!before) return undefined;
  let found: Profile | undefined;
  const changes = [
    (value: number) => 1 - value,
    (_: number, x: number, y: number) => ((x * 7 + y * 13 + x * y) % 3 === 0 ? 1 : 0),
  ];
  for (const phase of phasesOf(sized.rule.multiple)) {
    for (const change of changes) {
      for (const axis of ['x', 'y'] as const) {
        if (!trial.expense.affords(picture.width * picture.height, found ? 4 : 1)) return found;
        const profile = await stripeReach(trial, sized, { picture, before }, { axis, phase, change });
        if (!profile) return found;
        found = found ? joined(found, profile) : profile;
      }
    }
  }
  return found;
}

/** Sides that the network takes, each larger than the one before. */
function sidesFor({ rule: { multiple, fixed, side } }: Sized, wanted: readonly number[]): number[] {
  if (fixed) return [side];
  const sides = wanted
    .map((each) => Math.min(LARGEST_SIDE, Math.ceil(each / multiple) * multiple))
    .filter((each) => each % multiple === 0);
  return [...new Set(sides)].filter((each, at, all) => at === 0 || each > (all[at - 1] as number));
}

/** Places within a multiple that are tried: its ends and its middle. */
function phasesOf(multiple: number): number[] {
  return [...new Set([0, 1 % multiple, multiple >> 1, multiple - 1])];
}
