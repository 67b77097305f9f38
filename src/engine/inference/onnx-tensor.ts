import { ELEMENT } from './element-types.ts';
import { type ExternalData, readExternalData } from './onnx-external.ts';
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
const INT64S = 7;

/** TensorProto.DataLocation: in its own file, or in another. */
const EXTERNAL = 1;

/** Element types by number: bits of an element, and the field that holds the values where there are no raw data. */
const TYPES: Readonly<Record<number, { bits: number; field: number }>> = {
  [ELEMENT.float32]: { bits: 32, field: 4 },
  [ELEMENT.uint8]: { bits: 8, field: 5 },
  [ELEMENT.int8]: { bits: 8, field: 5 },
  [ELEMENT.uint16]: { bits: 16, field: 5 },
  [ELEMENT.int16]: { bits: 16, field: 5 },
  [ELEMENT.int32]: { bits: 32, field: 5 },
  [ELEMENT.int64]: { bits: 64, field: 7 },
  [ELEMENT.string]: { bits: 8 * STRING, field: STRINGS },
  [ELEMENT.bool]: { bits: 8, field: 5 },
  [ELEMENT.float16]: { bits: 16, field: 5 },
  [ELEMENT.float64]: { bits: 64, field: 10 },
  [ELEMENT.uint32]: { bits: 32, field: 11 },
  [ELEMENT.uint64]: { bits: 64, field: 11 },
  [ELEMENT.bfloat16]: { bits: 16, field: 5 },
  [ELEMENT.float8e4m3fn]: { bits: 8, field: 5 },
  [ELEMENT.float8e4m3fnuz]: { bits: 8, field: 5 },
  [ELEMENT.float8e5m2]: { bits: 8, field: 5 },
  [ELEMENT.float8e5m2fnuz]: { bits: 8, field: 5 },
  [ELEMENT.uint4]: { bits: 4, field: 5 },
  [ELEMENT.int4]: { bits: 4, field: 5 },
};

export interface TensorFacts {
  name: string;
  /** Bytes of all elements, and of one. */
  bytes: number;
  elementBytes: number;
  /** The elements of a short list of int64, which may be the shape of another tensor. */
  values?: number[];
  /** Where its values lie, if that is another file. */
  external?: ExternalData;
}

/** How a tensor is read. */
interface TensorReading {
  /** Bytes that it may take. */
  most: number;
  /** Whether its values may lie in another file. */
  external: boolean;
}

/**
 * Reads what a tensor says of itself, and throws `Malformed` unless its values are as many as its dimensions say and lie in
 * the file, or in another, where they may.
 *
 * Source: onnx.proto, message TensorProto.
 */
export function readTensor(tensor: Span, { most, external }: TensorReading): TensorFacts {
  const seen = new Set<number>();
  const dims: number[] = [];
  const held = new Map<number, number>();
  let [type, name] = [0, ''];
  const listed: number[] = [];
  const entries: Span[] = [];
  let raw: Span | undefined;
  let location = 0;
  for (const field of fieldsOf(tensor)) {
    const size = VALUES[field.number];
    if (size !== undefined) held.set(field.number, (held.get(field.number) ?? 0) + countOf(field, size));
    else if (field.number === STRINGS) held.set(STRINGS, (held.get(STRINGS) ?? 0) + 1);
    else if (field.number === 1) dims.push(...integers(field, MOST_DIMENSIONS));
    else if (field.number === 13) entries.push(span(field));
    else if ([2, 3, 8, 9, 14].includes(field.number)) expectOnce(seen, field);
    if (field.number === 2) type = integer(field);
    if (field.number === 3) throw new Malformed('a tensor is only a part of one');
    if (field.number === 8) name = text(field);
    if (field.number === 9) raw = span(field);
    if (field.number === 14) location = integer(field);
    if (field.number === INT64S && (held.get(INT64S) ?? 0) <= LONGEST_SHAPE) {
      listed.push(...integers(field, LONGEST_SHAPE));
    }
  }
  const elsewhere = entries.length > 0 || location !== 0;
  if (elsewhere && !external) {
    const reason = 'weights lie in another file, and they must be in the model itself';
    throw new Malformed(`${reason}: "enlarger models add" puts them there`);
  }
  const called = name ? `tensor ${JSON.stringify(name)}` : 'a tensor';
  const known = TYPES[type];
  if (!known) throw new Malformed(`${called} has elements of an unknown type (${type})`);
  if (dims.length > MOST_DIMENSIONS) throw new Malformed(`${called} has too many dimensions`);
  const count = product(dims);
  const bytes = Math.ceil((count * known.bits) / 8);
  if (bytes > most) throw new Malformed(`${called} is too large (${dims.join(' × ')})`);
  const elementBytes = known.bits / 8;
  if (elsewhere) {
    const misplaced = location !== EXTERNAL || raw || held.size > 0 || known.field === STRINGS;
    if (misplaced) throw new Malformed(`${called} has its values in the wrong place`);
    return { name, bytes, elementBytes, external: readExternalData(entries, called, bytes) };
  }
  expectHeld(called, { count, bits: known.bits, field: known.field }, raw, held);
  const values = type === ELEMENT.int64 ? (raw ? int64s(raw) : listed) : undefined;
  return { name, bytes, elementBytes, ...(values && dims.length === 1 ? { values } : {}) };
}

/** Reads a sparse tensor as `readTensor` does; its bytes are those of the tensor that it stands for. */
export function readSparseTensor(tensor: Span, reading: TensorReading): TensorFacts {
  let [values, indices]: (TensorFacts | undefined)[] = [];
  const dims: number[] = [];
  for (const field of fieldsOf(tensor)) {
    if (field.number === 1) values = readTensor(span(field), reading);
    else if (field.number === 2) indices = readTensor(span(field), reading);
    else if (field.number === 3) dims.push(...integers(field, MOST_DIMENSIONS));
  }
  if (!values || dims.length > MOST_DIMENSIONS) throw new Malformed('a sparse tensor has no values or sizes');
  const bytes = product(dims) * values.elementBytes;
  if (bytes > reading.most) throw new Malformed(`a sparse tensor is too large (${dims.join(' × ')})`);
  const { name, elementBytes, external = indices?.external } = values;
  return { name, bytes, elementBytes, ...(external ? { external } : {}) };
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
