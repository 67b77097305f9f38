import { EnlargerError } from '../../shared/errors.ts';
import { floatsOf, type OnnxModel, type OnnxNode, type OnnxTensor } from './onnx-model.ts';

/** A model and who makes and reads each of its tensors. The model is not changed. */
export class Network {
  readonly model: OnnxModel;
  readonly #constants = new Map<string, OnnxTensor>();
  readonly #producers = new Map<string, OnnxNode>();
  readonly #consumers = new Map<string, OnnxNode[]>();
  readonly #outputs: ReadonlySet<string>;

  constructor(model: OnnxModel) {
    this.model = model;
    const { initializer, node, output } = model.graph;
    for (const tensor of initializer) this.#constants.set(tensor.name, tensor);
    for (const each of node) {
      for (const name of each.output) this.#producers.set(name, each);
      for (const name of new Set(each.input)) this.#consumers.set(name, [...this.consumersOf(name), each]);
    }
    this.#outputs = new Set(output.map(({ name }) => name));
  }

  /** In an order in which each comes after those that it reads from, as ONNX demands. */
  get nodes(): readonly OnnxNode[] {
    return this.model.graph.node;
  }

  /** The names of the inputs, those aside that have a value already. */
  get inputs(): string[] {
    return this.model.graph.input.map(({ name }) => name).filter((name) => !this.#constants.has(name));
  }

  constant(name: string | undefined): OnnxTensor | undefined {
    return name === undefined ? undefined : this.#constants.get(name);
  }

  /** The values of a float32 constant; undefined for what is computed, and for constants of another type. */
  floats(name: string | undefined): Float32Array | undefined {
    const tensor = this.constant(name);
    return tensor && floatsOf(tensor);
  }

  producerOf(name: string): OnnxNode | undefined {
    return this.#producers.get(name);
  }

  consumersOf(name: string): readonly OnnxNode[] {
    return this.#consumers.get(name) ?? [];
  }

  isOutput(name: string): boolean {
    return this.#outputs.has(name);
  }

  /** The node that alone reads `name`; undefined if there are several, or the network gives it out. */
  onlyConsumerOf(name: string): OnnxNode | undefined {
    const [first, ...others] = this.consumersOf(name);
    return others.length > 0 || this.isOutput(name) ? undefined : first;
  }
}

/** The one output of a node that has only one. */
export function outputOf(node: OnnxNode): string {
  const [output] = node.output;
  if (output === undefined) throw new EnlargerError('model-invalid', `A ${node.opType} has no output.`);
  return output;
}
