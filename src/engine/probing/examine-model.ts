import { LARGEST_SIDE } from '../../shared/network.ts';
import type { ModelFindings } from '../../shared/probing.ts';
import { ELEMENT } from '../inference/element-types.ts';
import { type OnnxModel, readModel, writeModel } from '../quantisation/onnx-model.ts';
import { learnAlignment } from './alignment.ts';
import { adaptTypes } from './boundary.ts';
import { learnOrder } from './channel-order.ts';
import { describe } from './describe.ts';
import { Expense } from './expense.ts';
import { type GraphFacts, readGraph } from './graph-facts.ts';
import { hasHalves, widened } from './halves.ts';
import { learnMargin } from './margin.ts';
import { rangeInGraph } from './range-in-graph.ts';
import { readNetwork } from './read-network.ts';
import { refusal } from './refusal.ts';
import { scene } from './scene.ts';
import { learnSizes, type Sized } from './size-rule.ts';
import { learnStrength, numberFeeding } from './strength.ts';
import { suggestTile } from './suggest-tile.ts';
import { Trial } from './trial.ts';
import { learnRange, type RangeFinding, sizeOf } from './value-range.ts';
import { writeConverted } from './write-converted.ts';

/** Side of networks for faces, which take values in −1..1. */
const FACE_SIDE = 512;
/** Runs that are of more use than to see whether a network draws random numbers. */
const RUNS_AFTER = 6;

export interface Examination {
  file: string;
  /** What its user calls it; its own name where absent. */
  name?: string | undefined;
  /** Where files may lie that it keeps weights in; none are looked for where absent. */
  folder?: string | undefined;
  temporary: string;
  /** What was found out of this file before; only its conversion is done again. */
  known?: ModelFindings | undefined;
  /** One number, which is not zero once nobody waits for the answer. */
  givenUp: Int32Array;
}

/** A network that runs, in the form in which Enlarger takes it. */
interface Usable {
  model: OnnxModel;
  facts: GraphFacts;
  trial: Trial;
  sized: Sized;
  changed: boolean;
}

/**
 * Finds out how the network of an ONNX file is fed and read, by reading its graph and by running it. Throws `model-invalid` with all
 * reasons, naming the file, if it cannot be used; `not-found` if there is no such file.
 */
export async function examineModel({
  file,
  name = file,
  folder,
  temporary,
  known,
  givenUp,
}: Examination): Promise<ModelFindings> {
  const { bytes, inlined } = await readNetwork({ file, name, folder });
  const model = parsed(bytes, file);
  const read = readGraph(model);
  if ('reasons' in read) throw refusal(file, read.reasons);
  const usable = await usableForm(model, read.facts, file, new Expense(givenUp));
  await using trial = usable.trial;
  const { facts, sized } = usable;
  const range = await rangeOf(usable);
  expectCovered(sized, range, file);
  sized.feeding.range = range.range;
  const order = await learnOrder(trial, sized, range.result, usable.model);
  const converted = () =>
    writeConverted(usable, { range, order, temporary, file, ...(inlined ? { whole: bytes } : {}) });
  if (known) return withConverted(known, await converted());
  const strength = await learnStrength(trial, sized, range.result);
  const alignment = await learnAlignment(trial, sized, range.result);
  sized.rule.multiple = leastCommonMultiple(sized.rule.multiple, alignment);
  const { field, seam } = await learnMargin(trial, sized, usable.model, range.result, file);
  const tile = await suggestTile(trial, sized, field.radius);
  const findings = describe(name, {
    model,
    inlined,
    facts,
    sized,
    range,
    order,
    strength,
    field,
    seam,
    tile,
  });
  trial.expense.expectWanted();
  return withConverted(findings, await converted());
}

function withConverted(
  { converted: _, ...findings }: ModelFindings,
  converted: ModelFindings['converted'],
): ModelFindings {
  return { ...findings, ...(converted ? { converted } : {}) };
}

/** One size alone says little: a result that is smaller than it should be must show the middle of the picture. */
function expectCovered({ rule: { fixed, trim, scale } }: Sized, { alike }: RangeFinding, file: string): void {
  if (fixed?.some((side) => side > LARGEST_SIDE)) {
    throw refusal(file, [
      `it takes only pictures of ${fixed.join(' × ')} pixels: ${LARGEST_SIDE} is the most`,
    ]);
  }
  if (!fixed || trim === 0 || alike) return;
  const [width, height] = fixed.map((side) => side * scale - 2 * trim);
  const reason = `it makes ${width} × ${height} pixels of ${fixed.join(' × ')}, which is no whole multiple`;
  throw refusal(file, [reason]);
}

function parsed(bytes: Uint8Array, file: string): OnnxModel {
  try {
    return readModel(bytes);
  } catch (error) {
    throw refusal(file, [`it is damaged: ${error instanceof Error ? error.message : String(error)}`]);
  }
}

/** The network as it is, with other types at its ends, or computing in float32: the first of these that works. */
async function usableForm(
  model: OnnxModel,
  facts: GraphFacts,
  file: string,
  expense: Expense,
): Promise<Usable> {
  const forms = hasHalves(model)
    ? [() => readModel(writeModel(model)), () => widened(model)]
    : [() => readModel(writeModel(model))];
  let first: unknown;
  for (const form of forms) {
    const usable = await tried(form(), facts, file, expense).catch((error: unknown) => {
      first ??= error;
      return undefined;
    });
    if (usable) return { ...usable, changed: usable.changed || form !== forms[0] };
  }
  throw first;
}

async function tried(model: OnnxModel, given: GraphFacts, file: string, expense: Expense): Promise<Usable> {
  const read = readGraph(model);
  const { facts, changed } = adaptTypes(model, 'facts' in read ? read.facts : given);
  const trial = await Trial.open(writeModel(model), file, expense);
  try {
    const bytes = facts.picture.element === ELEMENT.uint8;
    const sized = await learnSizes(
      trial,
      facts,
      {
        input: facts.picture.name,
        dtype: bytes ? 'uint8' : 'float32',
        range: bytes ? [0, 255] : [0, 1],
        ...(facts.number ? { number: numberFeeding(facts.number) } : {}),
      },
      file,
    );
    await expectSteady(trial, sized, file);
    return { model, facts, trial, sized, changed };
  } catch (error) {
    await trial[Symbol.asyncDispose]();
    throw error;
  }
}

/** Throws unless the network gives numbers, and the same ones each time. */
async function expectSteady(trial: Trial, sized: Sized, file: string): Promise<void> {
  const picture = scene({ ...sizeOf(sized), channels: sized.feeding.channels });
  const first = await trial.run(picture, sized.feeding);
  if (!first?.data.every(Number.isFinite)) throw refusal(file, ['it gives values that are no numbers']);
  if (!trial.expense.affords(picture.width * picture.height, RUNS_AFTER)) return;
  const second = await trial.run(picture, sized.feeding, { fresh: true });
  if (second?.data.every((value, at) => value === first.data[at])) return;
  throw refusal(file, ['it draws random numbers, and makes something else of the same picture each time']);
}

async function rangeOf({ model, trial, sized }: Usable): Promise<RangeFinding> {
  if (sized.feeding.dtype === 'uint8') {
    const range = [0, 255] as const;
    return { range, result: range, certain: 'read', possible: [range], alike: true };
  }
  const face = sized.rule.fixed?.every((side) => side === FACE_SIDE) && sized.rule.scale === 1;
  return learnRange(trial, sized, {
    usual: face ? [-1, 1] : [0, 1],
    said: rangeInGraph(model, sized.feeding.input),
  });
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y > 0) [x, y] = [y, x % y];
  return (a / x) * b;
}
