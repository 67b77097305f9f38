import {
  countOf,
  expectOnce,
  fieldsOf,
  integer,
  integers,
  Malformed,
  type Span,
  span,
  text,
} from './protobuf.ts';

/** More dimensions than any operator knows what to do with. */
const MOST_DIMENSIONS = 32;

/** Elements of a tensor that may be a shape. */
const LONGEST_SHAPE = MOST_DIMENSIONS;

/** What a string takes beside its letters, in bytes. */
const STRING = 32;

/** TensorProto's fields for values, by number, and the bytes of one in a packed list (0: varints). */
const VALUES: Readonly<Record<number, 0 | 4 | 8>> = { 4: 4, 5: 0, 7: 0, 10: 8, 11: 0 };
const STRINGS = 6;
const INT64 = 7;

/** Element types by number: bits of an element, and the field that holds the values where there are no raw data. */
const TYPES: Readonly<Record<number, { bits: number; field: number }>> = {
  1: { bits: 32, field: 4 },
  2: { bits: 8, field: 5 },
  3: { bits: 8, field: 5 },
  4: { bits: 16, field: 5 },
  5: { bits: 16, field: 5 },
  6: { bits: 32, field: 5 },
  7: { bits: 64, field: 7 },
  8: { bits: 8 * STRING, field: STRINGS },
  9: { bits: 8, field: 5 },
  10: { bits: 16, field: 5 },
  11: { bits: 64, field: 10 },
  12: { bits: 32, field: 11 },
  13: { bits: 64, field: 11 },
  16: { bits: 16, field: 5 },
  17: { bits: 8, field: 5 },
  18: { bits: 8, field: 5 },
  19: { bits: 8, field: 5 },
  20: { bits: 8, field: 5 },
  21: { bits: 4, field: 5 },
  22: { bits: 4, field: 5 },
};

export interface TensorFacts {
  name: string;
  /** Bytes of all elements, and of one. */
  bytes: number;
  elementBytes: number;
  /** The elements of a short list of int64, which may be the shape of another tensor. */
  values?: number[];
}

/**
 * Reads what a tensor says of itself, and throws `Malformed` unless its values lie in the file and are as many
 * as its dimensions say. `most`: bytes that it may take.
 *
 * Source: onnx.proto, message TensorProto.
 */
export function readTensor(tensor: Span, most: number): TensorFacts {
  const seen = new Set<number>();
  const dims: number[] = [];
  const held = new Map<number, number>();
  let [type, name] = [0, ''];
  const listed: number[] = [];
  let raw: Span | undefined;
  for (const field of fieldsOf(tensor)) {
    const size = VALUES[field.number];
    if (size !== undefined) held.set(field.number, (held.get(field.number) ?? 0) + countOf(field, size));
    else if (field.number === STRINGS) held.set(STRINGS, (held.get(STRINGS) ?? 0) + 1);
    else if (field.number === 1) dims.push(...integers(field, MOST_DIMENSIONS));
    else if (field.number === 13 || (field.number === 14 && integer(field) !== 0)) {
      throw new Malformed('weights lie in another file, and they must be in the model itself');
    } else if ([2, 3, 8, 9].includes(field.number)) expectOnce(seen, field);
    if (field.number === 2) type = integer(field);
    if (field.number === 3) throw new Malformed('a tensor is only a part of one');
    if (field.number === 8) name = text(field);
    if (field.number === 9) raw = span(field);
    if (field.number === INT64 && (held.get(INT64) ?? 0) <= LONGEST_SHAPE) {
      listed.push(...integers(field, LONGEST_SHAPE));
    }
  }
  const called = name ? `tensor ${JSON.stringify(name)}` : 'a tensor';
  const known = TYPES[type];
  if (!known) throw new Malformed(`${called} has elements of an unknown type (${type})`);
  if (dims.length > MOST_DIMENSIONS) throw new Malformed(`${called} has too many dimensions`);
  const count = product(dims);
  const bytes = Math.ceil((count * known.bits) / 8);
  if (bytes > most) throw new Malformed(`${called} is too large (${dims.join(' × ')})`);
  expectHeld(called, { count, bits: known.bits, field: known.field }, raw, held);
  const values = type === INT64 ? (raw ? int64s(raw) : listed) : undefined;
  return { name, bytes, elementBytes: known.bits / 8, ...(values && dims.length === 1 ? { values } : {}) };
}

/** Reads a sparse tensor as `readTensor` does; its bytes are those of the tensor that it stands for. */
export function readSparseTensor(tensor: Span, most: number): TensorFacts {
  let values: TensorFacts | undefined;
  const dims: number[] = [];
  for (const field of fieldsOf(tensor)) {
    if (field.number === 1) values = readTensor(span(field), most);
    else if (field.number === 2) readTensor(span(field), most);
    else if (field.number === 3) dims.push(...integers(field, MOST_DIMENSIONS));
  }
  if (!values || dims.length > MOST_DIMENSIONS) throw new Malformed('a sparse tensor has no values or sizes');
  const bytes = product(dims) * values.elementBytes;
  if (bytes > most) throw new Malformed(`a sparse tensor is too large (${dims.join(' × ')})`);
  const { name, elementBytes } = values;
  return { name, bytes, elementBytes };
}

/** Elements of a tensor of these dimensions; negative ones count as the huge numbers that they are read as. */
export function product(dims: readonly number[]): number {
  // One dimension of 0 makes a tensor of nothing, however long the others are.
  return dims.includes(0) ? 0 : dims.reduce((all, side) => all * side, 1);
}

function expectHeld(
  called: string,
  { count, bits, field }: { count: number; bits: number; field: number },
  raw: Span | undefined,
  held: ReadonlyMap<number, number>,
): void {
  const fields = [...held.keys()];
  const wrong = raw ? fields.length > 0 || field === STRINGS : fields.some((each) => each !== field);
  if (wrong) throw new Malformed(`${called} has its values in the wrong place`);
  // Two elements of four bits share a value.
  const expected = raw ? Math.ceil((count * bits) / 8) : Math.ceil(count / (bits === 4 ? 2 : 1));
  const found = raw ? raw.end - raw.start : (held.get(field) ?? 0);
  if (found === expected) return;
  const unit = raw ? 'bytes' : 'values';
  throw new Malformed(`${called} has ${found} ${unit}, where its dimensions say ${expected}`);
}

function int64s({ bytes, start, end }: Span): number[] | undefined {
  if (end - start > 8 * LONGEST_SHAPE) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, end - start);
  return Array.from({ length: (end - start) / 8 }, (_, index) => Number(view.getBigInt64(8 * index, true)));
}
