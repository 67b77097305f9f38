import type { OnnxModel, OnnxNode } from '../quantisation/onnx-model.ts';
import { smallConstants } from './graph-constants.ts';
import { knownMean } from './known-means.ts';
import type { ValueRange } from './value-range.ts';

/** What networks compute with inside. */
const INSIDE: readonly ValueRange[] = [
  [0, 1],
  [-1, 1],
  [0, 255],
  [-0.5, 0.5],
];
const OUTSIDE: readonly ValueRange[] = [
  [0, 1],
  [-1, 1],
  [0, 255],
];
/** Operators that leave values what they are. */
const KEEPING = new Set('Identity Transpose Cast Pad'.split(' '));
/** Steps that are followed; what takes more is no conversion of a picture. */
const MOST_STEPS = 16;

/**
 * The range that a graph says that its picture `input` has: by what it does first, such as dividing by 255, or by the mean
 * colour that it takes off. Undefined where it says nothing.
 */
export function rangeInGraph(model: OnnxModel, input: string): ValueRange | undefined {
  const constants = smallConstants(model);
  const first = affineStart(model.graph.node, input, constants);
  if (first) {
    const fitting = OUTSIDE.filter((range) => INSIDE.some((inside) => isMapped(range, inside, first)));
    if (fitting.length === 1) return fitting[0];
  }
  const white = knownMean(constants.values())?.white;
  return white === undefined ? undefined : [0, white];
}

interface Affine {
  factor: number;
  offset: number;
}

/** What is done to every value of the picture before anything else is. */
function affineStart(
  nodes: readonly OnnxNode[],
  input: string,
  constants: ReadonlyMap<string, readonly number[]>,
): Affine | undefined {
  let [name, factor, offset, changed] = [input, 1, 0, false];
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    const readers = nodes.filter((node) => node.input.includes(name) && node.opType !== 'Shape');
    const found = readers.flatMap((node) => stepOf(node, name, constants) ?? []);
    // The picture itself may be added to the result.
    const [step] = found.length === 1 && (readers.length === 1 || name === input) ? found : [];
    if (!step) break;
    factor *= step.factor;
    offset = offset * step.factor + step.offset;
    name = step.to;
    if (step.factor !== 1 || step.offset !== 0) changed = true;
  }
  return changed ? { factor, offset } : undefined;
}

function stepOf(
  { opType, input, output: [to = ''] }: OnnxNode,
  name: string,
  constants: ReadonlyMap<string, readonly number[]>,
): (Affine & { to: string }) | undefined {
  if (KEEPING.has(opType) && input[0] === name) return { factor: 1, offset: 0, to };
  const [left, right] = input as [string, string?];
  const values = constants.get((left === name ? right : left) ?? '');
  const [value] = values ?? [];
  if (value === undefined || !values?.every((each) => each === value)) return undefined;
  if (opType === 'Add') return { factor: 1, offset: value, to };
  if (opType === 'Mul') return { factor: value, offset: 0, to };
  if (left !== name) return undefined;
  if (opType === 'Sub') return { factor: 1, offset: -value, to };
  return opType === 'Div' ? { factor: 1 / value, offset: 0, to } : undefined;
}

/** Half a level of eight bits is left open: halves are coarse. */
function isMapped(from: ValueRange, to: ValueRange, { factor, offset }: Affine): boolean {
  const slack = (to[1] - to[0]) / 500;
  return from.every((value, at) => Math.abs(value * factor + offset - (to[at] as number)) < slack);
}
