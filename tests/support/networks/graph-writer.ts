import {
  FLOAT,
  FLOAT16,
  field,
  floatAttribute,
  graph,
  int64s,
  intAttribute,
  intsAttribute,
  message,
  node,
  tensor,
  textAttribute,
  valueInfo,
} from '../onnx.ts';
import { halfOf, normalNumbers } from './numbers.ts';

type Side = number | string | undefined;

type AttributeValue = number | string | readonly number[] | { float: number };

function attributeOf(name: string, value: AttributeValue): Buffer {
  if (typeof value === 'number') return intAttribute(name, value);
  if (typeof value === 'string') return textAttribute(name, value);
  return 'float' in value ? floatAttribute(name, value.float) : intsAttribute(name, value);
}

export interface FileParts {
  opset?: number;
  /** Of the picture that it takes and gives. */
  dims?: readonly Side[];
  resultDims?: readonly Side[];
  type?: number;
  resultType?: number;
  input?: string;
  output?: string;
  /** Inputs beside the picture: name, type and dimensions. */
  more?: readonly (readonly [string, number, readonly Side[]])[];
  moreOutputs?: readonly (readonly [string, number, readonly Side[]])[];
}

/**
 * Writes the graph of a network that nobody has trained, node by node; tensors are named by what makes them. It hands the
 * picture on, with a little noise from its layers, so that results look like pictures.
 */
export class GraphWriter {
  readonly #nodes: Buffer[] = [];
  readonly #constants: Buffer[] = [];
  readonly #random: () => number;
  /** Constants are of this type. */
  readonly #type: number;
  #names = 0;
  /** Numbers in the constants of layers. */
  weights = 0;

  constructor({ seed = 5, type = FLOAT } = {}) {
    this.#random = normalNumbers(seed);
    this.#type = type;
  }

  floats(values: readonly number[], dims: readonly number[] = [values.length], type = this.#type): string {
    const name = `constant.${this.#names++}`;
    const raw =
      type === FLOAT16
        ? Buffer.from(Uint16Array.from(values, halfOf).buffer)
        : Buffer.from(Float32Array.from(values).buffer);
    this.#constants.push(tensor(name, type, dims, { raw }));
    return name;
  }

  integers(...values: readonly number[]): string {
    const name = `constant.${this.#names++}`;
    this.#constants.push(int64s(name, values));
    return name;
  }

  add(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
    output = `/${operator}_${this.#names++}`,
    domain?: string,
  ): string {
    const written = Object.entries(attributes).map(([name, value]) => attributeOf(name, value));
    const parts = { inputs, outputs: [output], attributes: written, ...(domain ? { domain } : {}) };
    this.#nodes.push(node(operator, parts));
    return output;
  }

  /** A node of several outputs. */
  split(input: string, axis: number, lengths: readonly number[]): string[] {
    const outputs = lengths.map(() => `/Split_${this.#names++}`);
    const inputs = [input, this.integers(...lengths)];
    this.#nodes.push(node('Split', { inputs, outputs, attributes: [attributeOf('axis', axis)] }));
    return outputs;
  }

  /**
   * A convolution whose first channels hand on those of its input (`pass`), all others, and everything beside, being noise. `pad`:
   * zeros around it.
   */
  conv(
    input: string,
    [from, to]: readonly [number, number],
    { side = 3, noise = 0.3, pass = 3, pad = side >> 1, stride = 1, output }: ConvOptions = {},
  ): string {
    const weights = Array.from({ length: to * from * side * side }, (_, index) => {
      const row = Math.floor(index / (from * side * side));
      const column = Math.floor(index / (side * side)) % from;
      const middle = index % (side * side) === (side * side) >> 1;
      const drawn = (noise * this.#random()) / Math.sqrt(from * side * side);
      if (row < pass) return middle && row === column ? 1 : 0.02 * drawn;
      return drawn;
    });
    const bias = Array.from({ length: to }, () => 0.01 * this.#random());
    this.weights += weights.length + bias.length;
    const names = [this.floats(weights, [to, from, side, side]), this.floats(bias)];
    const attributes = { kernel_shape: [side, side], pads: [pad, pad, pad, pad], strides: [stride, stride] };
    return this.add('Conv', [input, ...names], attributes, output);
  }

  nearest(input: string, scale: number, output?: string, order: 'NCHW' | 'NHWC' = 'NCHW'): string {
    const scales = order === 'NCHW' ? [1, 1, scale, scale] : [1, scale, scale, 1];
    const attributes = {
      mode: 'nearest',
      coordinate_transformation_mode: 'asymmetric',
      nearest_mode: 'floor',
    };
    return this.add('Resize', [input, '', this.floats(scales, [4], FLOAT)], attributes, output);
  }

  shuffle(input: string, scale: number, output?: string): string {
    return this.add('DepthToSpace', [input], { blocksize: scale, mode: 'CRD' }, output);
  }

  leaky = (input: string): string => this.add('LeakyRelu', [input], { alpha: { float: 0.2 } });

  scaled = (input: string, factor: number): string => this.add('Mul', [input, this.floats([factor], [])]);

  plus = (input: string, offset: number, output?: string): string =>
    this.add('Add', [input, this.floats([offset], [])], {}, output);

  clip(input: string, [low, high]: readonly [number, number], output?: string): string {
    return this.add('Clip', [input, this.floats([low], []), this.floats([high], [])], {}, output);
  }

  /** The shape arithmetic that exporters write: a dimension of a tensor as a list of one number. */
  dimension(input: string, axis: number): string {
    const size = this.add('Gather', [this.add('Shape', [input]), this.integers(axis)], { axis: 0 });
    return size;
  }

  /** The ONNX file. */
  file({
    opset = 17,
    dims = [1, 3, 'height', 'width'],
    resultDims = dims.map((side) => (typeof side === 'number' && side > 4 ? undefined : side)),
    type = FLOAT,
    resultType = type,
    input = 'input',
    output = 'output',
    more = [],
    moreOutputs = [],
  }: FileParts = {}): Buffer {
    const inputs = [value(input, type, dims), ...more.map((each) => value(...each))];
    const outputs = [value(output, resultType, resultDims), ...moreOutputs.map((each) => value(...each))];
    const written = graph({ nodes: this.#nodes, initialisers: this.#constants, inputs, outputs });
    return message(field(1, 8), field(7, written), field(8, field(2, opset)));
  }
}

interface ConvOptions {
  side?: number;
  noise?: number;
  pass?: number;
  pad?: number;
  stride?: number;
  output?: string;
}

/** A side by its name is one that is not fixed. */
function value(name: string, type: number, dims: readonly Side[]): Buffer {
  if (dims.every((side) => typeof side !== 'string')) return valueInfo(name, type, dims as number[]);
  const shape = dims.map((side) =>
    field(1, typeof side === 'number' ? field(1, side) : field(2, side ?? 'side')),
  );
  return message(field(1, name), field(2, field(1, message(field(1, type), field(2, message(...shape))))));
}
