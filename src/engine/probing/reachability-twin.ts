import { clone } from '@bufbuild/protobuf';
import { ELEMENT } from '../inference/element-types.ts';
import {
  floatsOf,
  newNode,
  newTensor,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  rewired,
} from '../quantisation/onnx-model.ts';
import { schemaOf } from '../quantisation/onnx-schema.ts';

/** Operators that only move values about. */
const MOVING = new Set(
  'Identity Reshape Transpose Flatten Slice Gather Split Squeeze Unsqueeze Expand Tile DepthToSpace SpaceToDepth Pad MaxPool'.split(
    ' ',
  ),
);
/** Operators that make of every value one in the same place. */
const LOCAL = new Set(
  (
    'Relu LeakyRelu PRelu Clip Sigmoid HardSigmoid Tanh Erf Gelu Elu Selu Celu Softplus Softsign HardSwish Mish Abs Neg Exp Log ' +
    'Sqrt Reciprocal Sign Floor Ceil Round BatchNormalization Dropout Cast ThresholdedRelu'
  ).split(' '),
);
/** Operators that put several values of the same place together. */
const JOINING = new Set('Add Sub Mul Div Pow Max Min Sum Mean'.split(' '));
/** Operators whose second input are weights. */
const WEIGHING = new Set('Conv ConvTranspose MatMul'.split(' '));
/** Operators that average, or choose, among what they see. */
const POOLING = new Set(
  'AveragePool GlobalAveragePool GlobalMaxPool ReduceMean ReduceSum ReduceMax ReduceL2 Resize Upsample'.split(
    ' ',
  ),
);
/** Operators that see the whole of a channel, and hand every value on. */
const NORMALISING = new Set(['InstanceNormalization']);

/**
 * A network of ones and zeros that has a one wherever the network of `model` can depend on a one in its input: weights are one unless
 * they are zero, sums are either-or, curves are left out. It shows the receptive field as it is built, however
 * little of it a trial with numbers would see. Undefined for networks with parts whose dependence this cannot say.
 */
export function reachabilityTwin(model: OnnxModel, input: string, output: string): OnnxModel | undefined {
  const copy = clone(schemaOf('Model'), model) as unknown as OnnxModel;
  const graph = copy.graph;
  const constants = new Map<string, OnnxTensor>(graph.initializer.map((tensor) => [tensor.name, tensor]));
  for (const {
    opType,
    output: [name],
    attribute,
  } of graph.node) {
    const value = attribute.find((each) => each.name === 'value')?.t;
    if (opType === 'Constant' && name !== undefined && value) constants.set(name, value);
  }
  const writer = new TwinWriter(constants, input);
  for (const node of graph.node) if (!writer.add(node)) return undefined;
  if (!writer.depends(output)) return undefined;
  graph.node = writer.nodes;
  graph.initializer.push(...writer.weights);
  graph.valueInfo = [];
  graph.output = graph.output.filter(({ name }) => name === output);
  for (const value of [...graph.input, ...graph.output]) {
    if ([input, output].includes(value.name) && value.type?.tensorType)
      value.type.tensorType.elemType = ELEMENT.float32;
  }
  return copy;
}

class TwinWriter {
  readonly nodes: OnnxNode[] = [];
  readonly weights: OnnxTensor[] = [];
  readonly #constants: ReadonlyMap<string, OnnxTensor>;
  /** Tensors that depend on the picture's values, not only on its size. */
  readonly #values: Set<string>;
  #names = 0;

  constructor(constants: ReadonlyMap<string, OnnxTensor>, input: string) {
    this.#constants = constants;
    this.#values = new Set([input]);
  }

  depends(name: string): boolean {
    return this.#values.has(name);
  }

  /** Writes what stands for `node`; false if nothing can. */
  add(node: OnnxNode): boolean {
    const { opType, input, output } = node;
    const seen = input.filter((name) => this.#values.has(name));
    // A size is the same whatever the values are, and a graph within the graph may read anything.
    if (node.attribute.some(({ g }) => g)) return false;
    if (opType === 'Shape' || opType === 'Size' || seen.length === 0) {
      this.nodes.push(node);
      return true;
    }
    for (const name of output) if (name !== '') this.#values.add(name);
    const [first, to] = [input[0] as string, output[0] as string];
    const led = seen.length === 1 && seen[0] === first;
    if (MOVING.has(opType) && led) this.nodes.push(node);
    else if (opType === 'Concat') this.#concatenate(node);
    else if (LOCAL.has(opType) && seen.includes(first)) this.#put('Identity', [first], to);
    else if (JOINING.has(opType)) this.#join(seen, to);
    else if (WEIGHING.has(opType) && seen.length === 1) return this.#weigh(node);
    else if (POOLING.has(opType) && led) this.#marked(rewired(node, node.input, [this.#name()]), to);
    else if (NORMALISING.has(opType) && led) this.#normalise(first, to);
    else return false;
    return true;
  }

  #concatenate(node: OnnxNode): void {
    const input = node.input.map((name) => {
      if (this.#values.has(name)) return name;
      const [zero, none] = [this.#weight([0], []), this.#name()];
      this.#put('Mul', [name, zero], none);
      return none;
    });
    this.nodes.push(rewired(node, input, node.output));
  }

  #join(seen: readonly string[], to: string): void {
    const [first, ...others] = seen as [string, ...string[]];
    let sum = first;
    for (const other of others) {
      const next = this.#name();
      this.#put('Add', [sum, other], next);
      sum = next;
    }
    this.#put('Sign', [sum], to);
  }

  #weigh(node: OnnxNode): boolean {
    const place = node.input.findIndex((name) => !this.#values.has(name));
    const tensor = this.#constants.get(node.input[place] ?? '');
    const values = tensor && floatsOf(tensor);
    if (!tensor || !values) return false;
    const reaching = this.#weight(
      values.map((value) => (value === 0 ? 0 : 1)),
      tensor.dims.map(Number),
    );
    const input = node.input.slice(0, 2).with(place, reaching);
    this.#marked(rewired(node, input, [this.#name()]), node.output[0] as string);
    return true;
  }

  #normalise(from: string, to: string): void {
    const [all, sum] = [this.#name(), this.#name()];
    this.#put('GlobalAveragePool', [from], all);
    this.#put('Add', [from, all], sum);
    this.#put('Sign', [sum], to);
  }

  /** `node`, and ones where its result is not zero. */
  #marked(node: OnnxNode, to: string): void {
    this.nodes.push(node);
    const positive = this.#name();
    this.#put('Abs', [node.output[0] as string], positive);
    this.#put('Sign', [positive], to);
  }

  #put(operator: string, input: readonly string[], output: string): void {
    this.nodes.push(newNode(operator, input, [output]));
  }

  #weight(values: Float32Array | readonly number[], dims: readonly number[]): string {
    const name = this.#name();
    this.weights.push(newTensor(name, Float32Array.from(values), dims));
    return name;
  }

  #name(): string {
    return `twin/${this.#names++}`;
  }
}
