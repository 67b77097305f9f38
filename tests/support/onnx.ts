/** Pieces of ONNX files, written field by field: what no exporter would write can be written, too. */

/** A number as Protocol Buffers write it; negative ones take ten bytes. */
export function varint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
}

/** A field of a message: a number, or bytes, a text or a message. */
export function field(number: number, value: number | bigint | string | Uint8Array): Buffer {
  if (typeof value === 'number' || typeof value === 'bigint') {
    return Buffer.concat([varint(number * 8), varint(value)]);
  }
  const bytes = Buffer.from(value as Uint8Array);
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

export const message = (...fields: readonly Uint8Array[]): Buffer => Buffer.concat(fields);

/** Element types. */
export const FLOAT = 1;
export const UINT8 = 2;
export const INT64 = 7;
export const BOOL = 9;
export const FLOAT16 = 10;
export const DOUBLE = 11;

type Values = { raw: Uint8Array } | { fields: readonly Uint8Array[] };

export function tensor(
  name: string,
  type: number,
  dims: readonly (number | bigint)[],
  values: Values,
): Buffer {
  const held = 'raw' in values ? [field(9, values.raw)] : values.fields;
  return message(...dims.map((side) => field(1, side)), field(2, type), field(8, name), ...held);
}

/** A list of 64-bit numbers, as shapes are. */
export function int64s(name: string, values: readonly (number | bigint)[]): Buffer {
  const raw = Buffer.alloc(8 * values.length);
  for (const [index, value] of values.entries()) raw.writeBigInt64LE(BigInt(value), 8 * index);
  return tensor(name, INT64, [values.length], { raw });
}

/** Weights, in float32. */
export function floats(name: string, dims: readonly number[], values: readonly number[]): Buffer {
  const raw = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) raw.writeFloatLE(value, 4 * index);
  return tensor(name, FLOAT, dims, { raw });
}

/** An input or output; sides without a length are dynamic. */
export function valueInfo(
  name: string,
  type: number,
  dims: readonly (number | bigint | undefined)[],
): Buffer {
  const shape = dims.map((side) => field(1, side === undefined ? field(2, 'side') : field(1, side)));
  return message(field(1, name), field(2, field(1, message(field(1, type), field(2, message(...shape))))));
}

export interface NodeParts {
  inputs?: readonly string[];
  outputs?: readonly string[];
  attributes?: readonly Uint8Array[];
  domain?: string;
}

export function node(
  operator: string,
  { inputs = [], outputs = [], attributes = [], domain }: NodeParts,
): Buffer {
  return message(
    ...inputs.map((name) => field(1, name)),
    ...outputs.map((name) => field(2, name)),
    field(4, operator),
    ...attributes.map((attribute) => field(5, attribute)),
    ...(domain === undefined ? [] : [field(7, domain)]),
  );
}

export const tensorAttribute = (name: string, value: Uint8Array): Buffer =>
  message(field(1, name), field(5, value), field(20, 4));

export const intsAttribute = (name: string, values: readonly number[]): Buffer =>
  message(field(1, name), ...values.map((value) => field(8, value)), field(20, 7));

export const intAttribute = (name: string, value: number): Buffer =>
  message(field(1, name), field(3, value), field(20, 2));

export const textAttribute = (name: string, value: string): Buffer =>
  message(field(1, name), field(4, value), field(20, 3));

export function floatAttribute(name: string, value: number): Buffer {
  const bytes = Buffer.alloc(5);
  // Field 2, four bytes.
  bytes.writeUInt8(0x15, 0);
  bytes.writeFloatLE(value, 1);
  return message(field(1, name), bytes, field(20, 1));
}

export const graphAttribute = (name: string, value: Uint8Array): Buffer =>
  message(field(1, name), field(6, value), field(20, 5));

export interface GraphParts {
  nodes?: readonly Uint8Array[];
  initialisers?: readonly Uint8Array[];
  sparse?: readonly Uint8Array[];
  inputs?: readonly Uint8Array[];
  outputs?: readonly Uint8Array[];
}

/** Sides of a picture, height and width dynamic. */
export const PICTURE = [1, undefined, undefined, 3] as const;

/** A graph; where nothing else is said, it gives the picture back that it takes. */
export function graph({
  nodes = [node('Identity', { inputs: ['image'], outputs: ['result'] })],
  initialisers = [],
  sparse = [],
  inputs = [valueInfo('image', UINT8, PICTURE)],
  outputs = [valueInfo('result', UINT8, PICTURE)],
}: GraphParts = {}): Buffer {
  return message(
    ...nodes.map((each) => field(1, each)),
    field(2, 'network'),
    ...initialisers.map((each) => field(5, each)),
    ...inputs.map((each) => field(11, each)),
    ...outputs.map((each) => field(12, each)),
    ...sparse.map((each) => field(15, each)),
  );
}

/** An ONNX file. */
export function model(parts: GraphParts = {}, ...more: readonly Uint8Array[]): Buffer {
  return message(field(1, 8), field(7, graph(parts)), field(8, field(2, 16)), ...more);
}
