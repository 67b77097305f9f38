import { ELEMENT } from '../inference/element-types.ts';
import type { OnnxModel, OnnxValue } from '../quantisation/onnx-model.ts';

const PICTURE_TYPES: readonly number[] = [ELEMENT.float32, ELEMENT.uint8, ELEMENT.float16, ELEMENT.float64];
const NUMBER_TYPES: readonly number[] = [...PICTURE_TYPES, ELEMENT.int32, ELEMENT.int64];
const RANK = 4;

/** An input or output as its file describes it. */
export interface Slot {
  name: string;
  element: number;
  /** Undefined where a side is not fixed. */
  dims: readonly (number | undefined)[];
}

/** What a network says that it takes and gives. */
export interface GraphFacts {
  picture: Slot;
  /** A single number beside the picture. */
  number: Slot | undefined;
  /** Those that may be the result. */
  outputs: readonly Slot[];
}

/** Reads what `model` takes and gives; if that cannot be one picture and one picture, the reasons why. */
export function readGraph(model: OnnxModel): { facts: GraphFacts } | { reasons: string[] } {
  const constants = new Set(model.graph.initializer.map(({ name }) => name));
  const inputs = model.graph.input.filter(({ name }) => !constants.has(name)).map(slotOf);
  const outputs = model.graph.output.map(slotOf);
  const numbers = inputs.length > 1 ? inputs.filter(isNumber) : [];
  const others = inputs.filter((slot) => !numbers.includes(slot));
  const pictures = others.filter(isPicture);
  const results = outputs.filter((slot) => isPicture(slot) && fittingBatch(slot));
  const reasons = [
    ...others.flatMap((slot) => problemsOf(slot, `its input ${JSON.stringify(slot.name)}`)),
    ...(results.length > 0
      ? []
      : outputs.flatMap((slot) => problemsOf(slot, `its output ${JSON.stringify(slot.name)}`))),
  ];
  if (pictures.length > 1) reasons.push(`it takes ${pictures.length} pictures: ${named(pictures)}`);
  if (numbers.length > 1) {
    reasons.push(`it takes ${numbers.length} numbers beside the picture, of which Enlarger can give it one`);
  }
  if (numbers.length === inputs.length) reasons.push('it takes no picture');
  const [picture] = pictures;
  if (!picture || reasons.length > 0) return { reasons };
  return { facts: { picture, number: numbers[0], outputs: results } };
}

function slotOf({ name, type }: OnnxValue): Slot {
  const { elemType, shape } = type?.tensorType ?? { elemType: 0, shape: undefined };
  // A dimension of -1 or 0 is how some exporters write one that is not fixed.
  const dims = shape?.dim.map(({ dimValue }) => (dimValue > 0n ? Number(dimValue) : undefined));
  return { name, element: elemType, dims: dims ?? [] };
}

function isNumber({ element, dims }: Slot): boolean {
  const single = dims.every((side) => side === 1 || (side === undefined && dims.length < RANK));
  return dims.length <= RANK && single && NUMBER_TYPES.includes(element);
}

function isPicture({ element, dims }: Slot): boolean {
  return dims.length === RANK && PICTURE_TYPES.includes(element);
}

const fittingBatch = ({ dims: [batch] }: Slot): boolean => batch === undefined || batch === 1;

function problemsOf(slot: Slot, called: string): string[] {
  const { element, dims } = slot;
  const found: string[] = [];
  if (dims.length !== RANK) {
    found.push(`${called} has ${dims.length} dimensions, where pictures have ${RANK}`);
  } else if (!fittingBatch(slot)) {
    found.push(`${called} is fixed at ${dims[0]} pictures at a time, and Enlarger gives it one`);
  }
  if (!PICTURE_TYPES.includes(element)) {
    found.push(
      `${called} holds elements of type ${element}, not those of pictures (float32, float16, uint8)`,
    );
  }
  return found;
}

const named = (slots: readonly Slot[]): string => slots.map(({ name }) => JSON.stringify(name)).join(', ');
