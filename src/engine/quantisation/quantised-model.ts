import { EnlargerError } from '../../shared/errors.ts';
import { ConstantTable } from './constant-table.ts';
import type { Layer } from './layers.ts';
import { type Network, outputOf } from './network.ts';
import { dimsOf, newNode, type OnnxModel, type OnnxNode, rewired } from './onnx-model.ts';
import { dataInputs } from './operators.ts';
import { packedLayer, packingFor } from './packed-layer.ts';
import type { QuantisationPlan } from './quantisation-plan.ts';
import { type Range, roundWeights, type Step, stepFor, type WeightBits } from './steps.ts';

export interface Rounding {
  /** What is kept of each tensor that the plan rounds. */
  ranges: ReadonlyMap<string, Range>;
  weightBits: WeightBits;
}

/**
 * `network` with the parts that `plan` names in eight bits, in the QDQ form: around each operator, its tensors are
 * rounded and taken back to floats, of which ONNX Runtime makes operators on whole numbers. Inputs and outputs stay
 * as they were.
 */
export function quantisedModel(network: Network, plan: QuantisationPlan, rounding: Rounding): OnnxModel {
  return new Surgery(network, plan, rounding).model();
}

/** A tensor as whole numbers. */
interface Whole {
  name: string;
  step: Step;
}

class Surgery {
  readonly #network: Network;
  readonly #plan: QuantisationPlan;
  readonly #rounding: Rounding;
  readonly #nodes: OnnxNode[] = [];
  readonly #constants = new ConstantTable();
  readonly #whole = new Map<string, Whole>();
  /** Tensors that have been taken back to floats already. */
  readonly #widened = new Set<string>();

  constructor(network: Network, plan: QuantisationPlan, rounding: Rounding) {
    this.#network = network;
    this.#plan = plan;
    this.#rounding = rounding;
  }

  model(): OnnxModel {
    const { model } = this.#network;
    for (const name of this.#network.inputs) this.#roundCopy(name);
    for (const node of this.#network.nodes) {
      this.#add(node);
      for (const name of node.output) this.#roundCopy(name);
    }
    for (const { name } of model.graph.output) if (this.#whole.has(name)) this.#asFloats(name);
    const read = new Set(this.#nodes.flatMap(({ input }) => input));
    const kept = model.graph.initializer.filter(({ name }) => read.has(name));
    const initializer = [...kept, ...this.#constants.tensors];
    const graph = { ...model.graph, node: this.#nodes, initializer, valueInfo: [] };
    return { ...model, graph };
  }

  #add(node: OnnxNode): void {
    const layer = this.#plan.layers.get(node);
    if (layer) this.#addLayer(layer);
    else if (!this.#plan.dropped.has(node)) this.#addOther(node);
  }

  #addLayer(layer: Layer): void {
    if (!layer.integer) {
      const { weight, scales } = roundWeights(layer, 1, this.#rounding.weightBits);
      const weights = this.#constantSteps(
        `${layer.name}/weight`,
        weight,
        layer.weight.dims,
        scales,
        layer.axis,
      );
      const [, , ...others] = layer.node.input;
      const inputs = [this.#asFloats(layer.input), weights, ...others];
      this.#nodes.push(rewired(layer.node, inputs, layer.node.output));
      return;
    }
    const packing = packingFor(layer);
    const packed = packedLayer(layer, packing);
    const { name, axis, weight, output } = packed;
    const { step } = this.#wholeOf(layer.input);
    const rounded = roundWeights(packed, step.scale, this.#rounding.weightBits);
    const inputs = [
      this.#packedInput(layer.input, packing.inputs),
      this.#constantSteps(`${name}/weight`, rounded.weight, weight.dims, rounded.scales, axis),
    ];
    if (rounded.bias) {
      const scales = rounded.scales.map((scale) => scale * step.scale);
      inputs.push(this.#constantSteps(`${name}/bias`, rounded.bias, [scales.length], scales, 0));
    }
    const made = rewired(layer.node, inputs, [`${output}/exact`]);
    if (packing.outputs === 0) this.#roundOutput(made, output);
    else this.#roundPacked(made, output, layer.weight.dims[0] ?? 0);
  }

  /** Channels of anything at the end of `tensor`: their weights are zero. */
  #packedInput(tensor: string, channels: number): string {
    if (channels === 0) return this.#asFloats(tensor);
    const { name, step } = this.#wholeOf(tensor);
    const packed = `${tensor}/packed`;
    if (!this.#whole.has(packed)) {
      const pads = this.#constants.integers([0, 0, 0, 0, 0, channels, 0, 0]);
      const value = this.#constants.step(step)[1];
      this.#nodes.push(newNode('Pad', [name, pads, value], [`${packed}/whole`], { mode: 'constant' }));
      this.#whole.set(packed, { name: `${packed}/whole`, step });
    }
    return this.#asFloats(packed);
  }

  /** Adds a node of whose output `tensor` is the first `channels`. */
  #roundPacked(node: OnnxNode, tensor: string, channels: number): void {
    const packed = `${tensor}/packed output`;
    this.#nodes.push(node);
    const { name, step } = this.#round(outputOf(node), packed, this.#rangeOf(tensor));
    const limits = [[0], [channels], [1]].map((values) => this.#constants.integers(values));
    this.#nodes.push(newNode('Slice', [name, ...limits], [`${tensor}/whole`]));
    this.#whole.set(tensor, { name: `${tensor}/whole`, step });
  }

  #addOther(node: OnnxNode): void {
    const treatment = this.#plan.treatments.get(node);
    if (treatment === 'widens') {
      this.#whole.set(outputOf(node), { name: node.input[0] as string, step: { scale: 1, zero: 0 } });
    } else if (treatment === 'moves') {
      const [input, ...others] = node.input;
      const { name, step } = this.#wholeOf(input as string);
      const whole = { name: `${outputOf(node)}/whole`, step };
      this.#nodes.push(rewired(node, [name, ...others], [whole.name]));
      this.#whole.set(outputOf(node), whole);
    } else if (treatment) {
      const sign = node.opType === 'Sub' ? -1 : 1;
      const inputs = dataInputs(node, treatment).map((name) =>
        this.#asFloats(this.#wholeConstant(name, sign)),
      );
      const made = rewired(node, inputs, [`${outputOf(node)}/exact`]);
      if (sign < 0) made.opType = 'Add';
      this.#roundOutput(made, outputOf(node));
    } else {
      const inputs = node.input.map((name) => (this.#plan.whole.has(name) ? this.#asFloats(name) : name));
      this.#nodes.push(rewired(node, inputs, node.output));
    }
  }

  /** Adds a node whose output is rounded at once, and is `tensor` from then on. */
  #roundOutput(node: OnnxNode, tensor: string): void {
    this.#nodes.push(node);
    this.#round(outputOf(node), tensor, this.#rangeOf(tensor));
  }

  #roundCopy(name: string): void {
    const { rounded, whole } = this.#plan;
    if (rounded.has(name) && !whole.has(name)) this.#round(name, name, this.#rangeOf(name));
  }

  #round(values: string, tensor: string, range: Range): Whole {
    const whole = { name: `${tensor}/whole`, step: stepFor(range) };
    this.#nodes.push(newNode('QuantizeLinear', [values, ...this.#constants.step(whole.step)], [whole.name]));
    this.#whole.set(tensor, whole);
    return whole;
  }

  #rangeOf(tensor: string): Range {
    const range = this.#rounding.ranges.get(tensor);
    if (!range) throw new EnlargerError('internal', `The range of ${tensor} has not been measured.`);
    return range;
  }

  /** The name under which the rounded values of `tensor` can be read as floats. */
  #asFloats(tensor: string): string {
    const whole = this.#whole.get(tensor);
    if (!whole) return tensor;
    // Where the floats themselves are there, those that read them shall go on doing so.
    const name = this.#plan.whole.has(tensor) ? tensor : `${tensor}/rounded`;
    if (!this.#widened.has(name)) {
      this.#widened.add(name);
      this.#nodes.push(
        newNode('DequantizeLinear', [whole.name, ...this.#constants.step(whole.step)], [name]),
      );
    }
    return name;
  }

  #wholeOf(tensor: string): Whole {
    const found = this.#whole.get(tensor);
    if (!found) throw new EnlargerError('internal', `${tensor} has not been rounded.`);
    return found;
  }

  /** Rounds `name`, times `sign`, if it is a constant; returns the tensor to read. */
  #wholeConstant(name: string, sign: 1 | -1): string {
    const tensor = this.#network.constant(name);
    const values = this.#network.floats(name)?.map((value) => sign * value);
    if (!values || !tensor) return name;
    const rounded = sign < 0 ? `${name}/negated` : name;
    if (this.#whole.has(rounded)) return rounded;
    const step = stepFor([
      values.reduce((a, b) => Math.min(a, b), 0),
      values.reduce((a, b) => Math.max(a, b), 0),
    ]);
    const whole = { name: `${rounded}/whole`, step };
    const numbers = Uint8Array.from(values, (value) => Math.round(value / step.scale) + step.zero);
    this.#constants.add(whole.name, numbers, dimsOf(tensor));
    this.#whole.set(rounded, whole);
    return rounded;
  }

  /** Stores whole numbers with a scale for each index of dimension `axis`; returns the name of what they stand for. */
  #constantSteps(
    name: string,
    values: Int8Array | Int32Array,
    dims: readonly number[],
    scales: Float32Array,
    axis: number,
  ): string {
    const inputs = [
      this.#constants.add(name, values, dims),
      this.#constants.add(`${name}.scale`, scales, [scales.length]),
    ];
    this.#nodes.push(newNode('DequantizeLinear', inputs, [`${name}.value`], { axis: BigInt(axis) }));
    return `${name}.value`;
  }
}
