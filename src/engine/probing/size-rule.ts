import type { GraphFacts } from './graph-facts.ts';
import { refusal } from './refusal.ts';
import { scene } from './scene.ts';
import { type Feeding, planesOf, type Trial } from './trial.ts';

/** How large a result is: scale · input − 2 · trim along each side. */
export interface SizeRule {
  scale: number;
  trim: number;
  /** Sides of the input are multiples of it, as far as the network refuses others. */
  multiple: number;
  /** Width and height, where only one size is taken. */
  fixed: readonly [width: number, height: number] | undefined;
  /** A side that works, for further trials. */
  side: number;
}

const LARGEST_SCALE = 8;

/** Sides that a network may want: multiples of powers of two, of three, of seven, of five; the last for wide borders. */
const SIDES = [64, 96, 84, 120, 128, 144, 192, 256];
/** For graphs in which a size has become part of the network though they do not say so. */
const SINGLE_SIDES = [256, 128, 512, 64, 192, 48, 32, 224, 96];
/** Sizes that work, after which no rule is hoped for. */
const ENOUGH = 3;
/** Pixels that every usable network can do in the time that there is. */
const SMALL = 64 * 64;
const LAYOUTS = ['NCHW', 'NHWC'] as const;
const CHANNELS = [3, 1, 4] as const;

type Read = Pick<Feeding, 'layout' | 'resultLayout' | 'channels' | 'output'>;

/** What is known of a network once its sizes are. */
export interface Sized {
  feeding: Feeding;
  rule: SizeRule;
}

/** Finds out layout, channels and sizes by running. Throws `model-invalid`, naming `file`. */
export async function learnSizes(
  trial: Trial,
  facts: GraphFacts,
  base: Omit<Feeding, keyof Read>,
  file: string,
): Promise<Sized> {
  const ways = possibleWays(facts);
  const [tall, wide] = [fixedSides(facts, ways, 'height'), fixedSides(facts, ways, 'width')];
  const said = tall ?? wide;
  const sides = said === undefined ? SIDES : [said];
  const misfits = new Set<string>();
  let working = 0;
  for (const side of sides) {
    if (!trial.expense.affords(side * side) || working === ENOUGH) break;
    for (const way of ways) {
      const [width, height] = [wide ?? side, tall ?? side];
      const found = await tryWay(trial, { ...base, ...way, output: '' }, facts, { width, height }, misfits);
      if (!found) continue;
      const rule = said === undefined ? await ruleOf(trial, found.feeding, side) : found.rule;
      if (rule) return { feeding: found.feeding, rule };
      working += 1;
      misfits.add(
        `it makes ${found.made.join(' × ')} pixels of ${width} × ${height}, and other sizes follow no rule`,
      );
    }
  }
  if (said === undefined && working <= 1) {
    const single = await onlySize(trial, facts, base, ways);
    if (single) return single;
  }
  const failure = trial.failure ? [`it does not run: ${trial.failure}`] : [];
  const slow = trial.expense.affords(SMALL) ? [] : ['it is too slow, or too large, for this machine'];
  throw refusal(file, [...[...misfits].slice(0, 2), ...failure, ...slow]);
}

/** Layouts and channels that the dimensions of the input allow, the usual ones first. */
function possibleWays({ picture }: GraphFacts): Pick<Read, 'layout' | 'resultLayout' | 'channels'>[] {
  const all = CHANNELS.flatMap((channels) =>
    LAYOUTS.map((layout) => ({ layout, channels, resultLayout: layout })),
  );
  const fitting = all.filter(({ layout, channels }) => {
    const said = picture.dims[layout === 'NCHW' ? 1 : 3];
    return said === undefined || said === channels;
  });
  const named = fitting.filter(({ layout }) => picture.dims[layout === 'NCHW' ? 1 : 3] !== undefined);
  return [...named, ...fitting.filter((way) => !named.includes(way))];
}

function fixedSides(
  { picture }: GraphFacts,
  ways: readonly Pick<Read, 'layout'>[],
  which: 'height' | 'width',
) {
  const places = ways[0]?.layout === 'NHWC' ? { height: 1, width: 2 } : { height: 2, width: 3 };
  return picture.dims[places[which]];
}

interface Worked {
  feeding: Feeding;
  /** Width and height of the result. */
  made: readonly [number, number];
  /** What these sizes alone suggest. */
  rule: SizeRule;
}

/** Runs once, and looks for an output that is a picture of the same channels. */
async function tryWay(
  trial: Trial,
  feeding: Feeding,
  { outputs }: GraphFacts,
  size: { width: number; height: number },
  misfits: Set<string>,
): Promise<Worked | undefined> {
  const { channels, layout } = feeding;
  const made = await trial.outputs(scene({ ...size, channels }), feeding);
  if (!made) return undefined;
  for (const { name } of outputs) {
    const tensor = made.get(name);
    if (!tensor) continue;
    for (const resultLayout of [layout, layout === 'NCHW' ? 'NHWC' : 'NCHW'] as const) {
      const planes = planesOf(tensor, resultLayout);
      if (planes?.channels !== channels) continue;
      const made = [planes.width, planes.height] as const;
      const rule = fixedRule([size.width, size.height], made);
      if (rule) return { feeding: { ...feeding, resultLayout, output: name }, made, rule };
    }
    const given = `${size.width} × ${size.height} pixels with ${channels} channel${channels > 1 ? 's' : ''}`;
    misfits.add(
      `for ${given} it gives a tensor of ${tensor.dims.join(' × ')}, which is no picture of a whole multiple of that size`,
    );
  }
  return undefined;
}

/** The rule that one run alone suggests: the smallest scale that reaches the result's size. */
function fixedRule(
  [width, height]: readonly [number, number],
  [wide, high]: readonly [number, number],
): SizeRule | undefined {
  const scale = Math.max(1, Math.ceil(wide / width - 1e-9));
  const [trim, other] = [(scale * width - wide) / 2, (scale * height - high) / 2];
  const most = (scale * Math.min(width, height)) / 5;
  const fits = trim === other && Number.isInteger(trim) && trim < most;
  if (!fits || scale > LARGEST_SCALE) return undefined;
  return { scale, trim, multiple: 1, fixed: [width, height], side: Math.min(width, height) };
}

/** The smallest multiple whose sizes all lie on one line; `side`: one that works. */
async function ruleOf(trial: Trial, feeding: Feeding, side: number): Promise<SizeRule | undefined> {
  const divisors = Array.from({ length: side }, (_, index) => index + 1).filter((each) => side % each === 0);
  for (const multiple of divisors) {
    const around = Math.max(1, Math.round(side / multiple)) | 1;
    // Four sizes, of every remainder by four: a network that rounds sizes shows itself.
    const sizes = [
      [around, around + 2],
      [around + 1, around + 3],
    ] as const;
    const points: [number, number][] = [];
    for (const [x, y] of sizes) {
      const [width, height] = [x * multiple, y * multiple];
      if (!trial.expense.affords(width * height)) break;
      const made = await trial.run(scene({ width, height, channels: feeding.channels }), feeding);
      if (made?.channels !== feeding.channels) break;
      points.push([width, made.width], [height, made.height]);
    }
    const line = points.length === 4 ? lineThrough(points) : undefined;
    if (line) return { ...line, multiple, fixed: undefined, side };
  }
  return undefined;
}

function lineThrough(
  points: readonly [given: number, made: number][],
): { scale: number; trim: number } | undefined {
  const [[a, b], [c, d]] = points as [[number, number], [number, number]];
  const scale = (d - b) / (c - a);
  const trim = (scale * a - b) / 2;
  const whole =
    Number.isInteger(scale) && scale >= 1 && scale <= LARGEST_SCALE && Number.isInteger(trim) && trim >= 0;
  return whole && points.every(([given, made]) => made === scale * given - 2 * trim)
    ? { scale, trim }
    : undefined;
}

/** One size that works, for a network that says that it takes any and does not. */
async function onlySize(
  trial: Trial,
  facts: GraphFacts,
  base: Omit<Feeding, keyof Read>,
  ways: readonly Pick<Read, 'layout' | 'resultLayout' | 'channels'>[],
): Promise<Sized | undefined> {
  for (const side of SINGLE_SIDES) {
    if (!trial.expense.affords(side * side)) continue;
    for (const way of ways) {
      const size = { width: side, height: side };
      const found = await tryWay(trial, { ...base, ...way, output: '' }, facts, size, new Set());
      if (found?.rule.trim === 0) return { feeding: found.feeding, rule: found.rule };
    }
  }
  return undefined;
}
