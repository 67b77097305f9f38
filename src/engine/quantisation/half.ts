import { EnlargerError } from '../../shared/errors.ts';
import { ELEMENT } from '../inference/element-types.ts';
import {
  floatsOf,
  newCast,
  newHalfTensor,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  rewired,
} from './onnx-model.ts';

/**
 * Inputs that are float32 whatever the others are, by operator; the last two know half floats only since version 19 of
 * ONNX's operators. Source: Operators.md.
 */
const FLOAT_INPUTS: Readonly<Record<string, readonly number[]>> = {
  Resize: [2],
  Upsample: [1],
  QuantizeLinear: [0, 1],
  DequantizeLinear: [1],
};

/** Operators whose results are float32 with such inputs. */
const FLOAT_RESULTS: ReadonlySet<string> = new Set(['DequantizeLinear']);

/** Operators that have no form for half floats. */
const IMPOSSIBLE: ReadonlySet<string> = new Set(['CumSum', 'DynamicQuantizeLinear', 'NonMaxSuppression']);

/**
 * `model` in half precision: its float32 constants become float16, and so does what is computed of them. Inputs and
 * outputs keep their types: bindings for JavaScript have no half floats. Constants beyond half's range are cut to it. The
 * model given is changed, and is of no use afterwards. Throws `model-invalid`, naming `file`, where it cannot be done.
 */
export function halfModel(model: OnnxModel, file: string): OnnxModel {
  const { graph } = model;
  for (const node of graph.node) expectPossible(node, file);
  const names = new TensorNames(model);
  const floats = new Map<string, OnnxTensor>();
  for (const tensor of graph.initializer) {
    if (tensor.dataType === ELEMENT.float32) floats.set(tensor.name, tensor);
  }
  const nodes: OnnxNode[] = [];
  const initializer = graph.initializer.map((tensor) => halfTensor(tensor));
  // An input of old files may be a constant, too: that one is half already.
  const inputs = graph.input.filter(({ name }) => !floats.has(name) && names.isFloatInput(name));
  const renamed = new Map<string, string>();
  for (const { name } of inputs) {
    const half = names.free(`${name}/half`);
    nodes.push(newCast(name, half, ELEMENT.float16));
    renamed.set(name, half);
  }
  const outputs = graph.output.filter(({ name }) => names.isFloatOutput(name));
  for (const { name } of outputs) {
    if (!renamed.has(name)) renamed.set(name, names.free(`${name}/half`));
  }
  const current = (name: string) => renamed.get(name) ?? name;
  const kept = new Map<string, string>();
  const asFloat = (name: string): string => {
    const known = kept.get(name);
    if (known !== undefined || name === '') return known ?? name;
    const float = names.free(`${name}/float`);
    kept.set(name, float);
    const constant = floats.get(name);
    if (constant) initializer.push({ ...constant, name: float });
    else nodes.push(newCast(current(name), float, ELEMENT.float32));
    return float;
  };
  for (const node of graph.node) {
    const always = isOwn(node) ? (FLOAT_INPUTS[node.opType] ?? []) : [];
    const input = node.input.map((name, index) => (always.includes(index) ? asFloat(name) : current(name)));
    const output = node.output.map(current);
    if (!isOwn(node) || !FLOAT_RESULTS.has(node.opType)) {
      nodes.push(halfNode(rewired(node, input, output)));
      continue;
    }
    const wide = output.map((name) => names.free(`${name}/wide`));
    nodes.push(rewired(node, input, wide));
    nodes.push(...output.map((name, index) => newCast(wide[index] as string, name, ELEMENT.float16)));
  }
  for (const { name } of outputs) {
    // What is an input and an output at once has its cast already.
    if (!inputs.some((input) => input.name === name)) {
      nodes.push(newCast(current(name), name, ELEMENT.float32));
    }
  }
  for (const constant of floats.keys()) {
    const output = outputs.find(({ name }) => name === constant);
    // A constant that is given out has to stay what it was.
    if (output) throw impossible(file, `its output ${constant} is a constant`);
  }
  return { ...model, graph: { ...graph, node: nodes, initializer, valueInfo: [] } };
}

/** What the graph calls its tensors, and of which type those at its borders are. */
class TensorNames {
  readonly #taken: Set<string>;
  readonly #inputs: ReadonlySet<string>;
  readonly #outputs: ReadonlySet<string>;

  constructor({ graph }: OnnxModel) {
    this.#taken = new Set([
      ...graph.node.flatMap(({ input, output }) => [...input, ...output]),
      ...graph.initializer.map(({ name }) => name),
      ...graph.input.map(({ name }) => name),
    ]);
    const floats = (values: typeof graph.input) =>
      new Set(
        values.filter(({ type }) => type?.tensorType?.elemType === ELEMENT.float32).map(({ name }) => name),
      );
    this.#inputs = floats(graph.input);
    this.#outputs = floats(graph.output);
  }

  isFloatInput = (name: string): boolean => this.#inputs.has(name);
  isFloatOutput = (name: string): boolean => this.#outputs.has(name);

  /** `wanted`, with more behind it where that name is taken already. */
  free(wanted: string): string {
    let name = wanted;
    while (this.#taken.has(name)) name += '_';
    this.#taken.add(name);
    return name;
  }
}

/** What makes tensors of float32 out of nothing or of other types makes half floats. */
function halfNode(node: OnnxNode): OnnxNode {
  if (!isOwn(node)) return node;
  for (const attribute of node.attribute) {
    if (attribute.name === 'to' && node.opType === 'Cast' && Number(attribute.i) === ELEMENT.float32) {
      attribute.i = BigInt(ELEMENT.float16);
    }
    if (attribute.t && (node.opType === 'Constant' || node.opType === 'ConstantOfShape')) {
      attribute.t = halfTensor(attribute.t);
    }
  }
  return node;
}

function halfTensor(tensor: OnnxTensor): OnnxTensor {
  const values = floatsOf(tensor);
  return values ? newHalfTensor(tensor, values) : tensor;
}

function expectPossible(node: OnnxNode, file: string): void {
  if (node.attribute.some(({ g }) => g)) throw impossible(file, 'it has branches or loops');
  if (isOwn(node) && IMPOSSIBLE.has(node.opType))
    throw impossible(file, `it has the operator ${node.opType}`);
  const single = node.opType === 'Constant' && node.attribute.some(({ name }) => /^value_float/.test(name));
  if (single) throw impossible(file, 'it has constants that are not tensors');
}

function isOwn({ domain }: OnnxNode): boolean {
  return domain === '' || domain === 'ai.onnx';
}

function impossible(file: string, why: string): EnlargerError {
  const message = `${file}: this model cannot be made half precision (${why}).`;
  return new EnlargerError('model-invalid', message, { file });
}
