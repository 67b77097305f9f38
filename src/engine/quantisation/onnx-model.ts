import { clone, create, fromBinary, type Message, toBinary } from '@bufbuild/protobuf';
import { ELEMENT } from '../inference/element-types.ts';
import { schemaOf } from './onnx-schema.ts';

/** ONNX files as objects. Names are those of onnx.proto. */

export interface OnnxModel extends Message {
  irVersion: bigint;
  opsetImport: OperatorSet[];
  graph: OnnxGraph;
}

interface OperatorSet extends Message {
  /** Empty for the operators of ONNX itself. */
  domain: string;
  version: bigint;
}

export interface OnnxGraph extends Message {
  node: OnnxNode[];
  initializer: OnnxTensor[];
  input: OnnxValue[];
  output: OnnxValue[];
  valueInfo: OnnxValue[];
}

export interface OnnxNode extends Message {
  input: string[];
  output: string[];
  name: string;
  opType: string;
  domain: string;
  attribute: OnnxAttribute[];
}

interface OnnxAttribute extends Message {
  name: string;
  f: number;
  i: bigint;
  s: Uint8Array;
  t?: OnnxTensor;
  g?: OnnxGraph;
  ints: bigint[];
}

export interface OnnxTensor extends Message {
  name: string;
  dims: bigint[];
  dataType: number;
  rawData: Uint8Array;
  floatData: number[];
  int32Data: number[];
  int64Data: bigint[];
}

export interface OnnxValue extends Message {
  name: string;
  type?: { tensorType?: { elemType: number; shape?: { dim: { dimValue: bigint; dimParam: string }[] } } };
}

/** Numbers of the kinds of attributes that are made here. */
const ATTRIBUTE_TYPE = { i: 2, s: 3, ints: 7 } as const;

export function readModel(bytes: Uint8Array): OnnxModel {
  return fromBinary(schemaOf('Model'), bytes) as unknown as OnnxModel;
}

export function writeModel(model: OnnxModel): Uint8Array {
  return toBinary(schemaOf('Model'), model);
}

/** A new message of the name `name`. */
function made<M extends Message>(name: Parameters<typeof schemaOf>[0], fields: Record<string, unknown>): M {
  return create(schemaOf(name), fields) as unknown as M;
}

type AttributeValue = bigint | string | readonly bigint[];

/** A node of ONNX's own operators. */
export function newNode(
  opType: string,
  input: readonly string[],
  output: readonly string[],
  attributes: Readonly<Record<string, AttributeValue>> = {},
): OnnxNode {
  return made('Node', {
    opType,
    input: [...input],
    output: [...output],
    name: `${opType}/${output[0]}`,
    attribute: Object.entries(attributes).map(([name, value]) => newAttribute(name, value)),
  });
}

function newAttribute(name: string, value: AttributeValue) {
  const held =
    typeof value === 'bigint'
      ? { i: value, type: ATTRIBUTE_TYPE.i }
      : typeof value === 'string'
        ? { s: new TextEncoder().encode(value), type: ATTRIBUTE_TYPE.s }
        : { ints: [...value], type: ATTRIBUTE_TYPE.ints };
  return made('Attribute', { name, ...held });
}

/** A copy of `node` with other inputs and outputs. */
export function rewired(node: OnnxNode, input: readonly string[], output: readonly string[]): OnnxNode {
  const copy = clone(schemaOf('Node'), node) as unknown as OnnxNode;
  copy.input = [...input];
  copy.output = [...output];
  return copy;
}

export type TensorValues = Float32Array | Uint8Array | Int8Array | Int32Array | BigInt64Array;

/** A constant; without `dims`, of a single value. */
export function newTensor(name: string, values: TensorValues, dims: readonly number[] = []): OnnxTensor {
  const { buffer, byteOffset, byteLength } = values;
  return made('Tensor', {
    name,
    dataType: typeOf(values),
    dims: dims.map(BigInt),
    rawData: new Uint8Array(buffer, byteOffset, byteLength),
  });
}

/** `tensor` in half precision, of `values`, which are cut to what half floats can hold. */
export function newHalfTensor({ name, dims }: OnnxTensor, values: Float32Array): OnnxTensor {
  const halves = Float16Array.from(values, (value) => Math.min(LARGEST_HALF, Math.max(-LARGEST_HALF, value)));
  return made('Tensor', { name, dims, dataType: ELEMENT.float16, rawData: new Uint8Array(halves.buffer) });
}

/** Source: IEEE 754, binary16. */
const LARGEST_HALF = 65_504;

/** A node that takes the tensor `input` to another element type. It has no name: the graph may have one of that already. */
export function newCast(input: string, output: string, type: number): OnnxNode {
  return { ...newNode('Cast', [input], [output], { to: BigInt(type) }), name: '' };
}

function typeOf(values: TensorValues): number {
  if (values instanceof Float32Array) return ELEMENT.float32;
  if (values instanceof Uint8Array) return ELEMENT.uint8;
  if (values instanceof Int8Array) return ELEMENT.int8;
  return values instanceof Int32Array ? ELEMENT.int32 : ELEMENT.int64;
}

/** An output of a graph of which only the name is said; ONNX Runtime finds out the rest. */
export function newOutput(name: string): OnnxValue {
  return made('Value', { name });
}

/** A whole model, of ONNX's operators in this version; `input` and `output` are bytes of four dimensions. */
export function newModel(
  graph: { nodes: readonly OnnxNode[]; constants: readonly OnnxTensor[]; input: string; output: string },
  version: number,
): OnnxModel {
  const shape = { dim: Array.from({ length: 4 }, () => ({})) };
  const value = (name: string) => ({ name, type: { tensorType: { elemType: ELEMENT.uint8, shape } } });
  const { nodes, constants, input, output } = graph;
  return made('Model', {
    irVersion: 8n,
    opsetImport: [newOperatorSet('', version)],
    graph: {
      name: 'network',
      node: [...nodes],
      initializer: [...constants],
      input: [value(input)],
      output: [value(output)],
    },
  });
}

export function newOperatorSet(domain: string, version: number): OperatorSet {
  return made('OperatorSet', {
    domain,
    version: BigInt(version),
  });
}

/** The values of a float32 constant; undefined for one of another type. */
export function floatsOf(tensor: OnnxTensor): Float32Array | undefined {
  if (tensor.dataType !== ELEMENT.float32) return undefined;
  if (tensor.floatData.length > 0) return Float32Array.from(tensor.floatData);
  // A copy of their own, because raw data need not begin at a multiple of four.
  return new Float32Array(Uint8Array.from(tensor.rawData).buffer);
}

export const dimsOf = (tensor: OnnxTensor): number[] => tensor.dims.map(Number);

/** Integers of a node's attribute; undefined where it has none of that name. */
export function intsAttribute(node: OnnxNode, name: string): number[] | undefined {
  return node.attribute.find((attribute) => attribute.name === name)?.ints.map(Number);
}

/** An integer of a node's attribute, or `otherwise`. */
export function intAttribute(node: OnnxNode, name: string, otherwise: number): number {
  const found = node.attribute.find((attribute) => attribute.name === name);
  return found ? Number(found.i) : otherwise;
}

/** A float of a node's attribute, or `otherwise`. */
export function floatAttribute(node: OnnxNode, name: string, otherwise: number): number {
  return node.attribute.find((attribute) => attribute.name === name)?.f ?? otherwise;
}

/** A text of a node's attribute, or `otherwise`. */
export function textAttribute(node: OnnxNode, name: string, otherwise: string): string {
  const found = node.attribute.find((attribute) => attribute.name === name);
  return found ? new TextDecoder().decode(found.s) : otherwise;
}
