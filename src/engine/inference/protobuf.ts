/** What is wrong with a file, in words, without a full stop. */
export class Malformed extends Error {}

/** What a field's value looks like from outside. */
type Wire = 'varint' | 'fixed64' | 'bytes' | 'fixed32';

/** A stretch of bytes that is a message or a value, and the fields that may still be read of the whole file. */
export interface Span {
  bytes: Uint8Array;
  start: number;
  end: number;
  budget: { fields: number };
}

export interface Field extends Span {
  number: number;
  wire: Wire;
  /** The value of a varint as a double: above 2^53 it is near the value, negative ones are near 2^64. Else 0. */
  value: number;
}

const WIRES: readonly (Wire | undefined)[] = ['varint', 'fixed64', 'bytes', undefined, undefined, 'fixed32'];

const FIXED = { varint: 0, fixed64: 8, fixed32: 4 };

/** Of a varint; seven bits each, 64 in all. */
const MOST_BYTES = 10;

/** Names are short; nobody needs a text of megabytes to be one. */
const LONGEST_TEXT = 4096;

/**
 * The fields of a message in the order in which they stand. Throws `Malformed` at what no message can contain,
 * and when the file has more fields than `budget` allows: reading must end soon whatever the bytes are.
 *
 * Source: Protocol Buffers, Encoding (protobuf.dev). Groups, long obsolete, are refused.
 */
export function* fieldsOf({ bytes, start, end, budget }: Span): Generator<Field> {
  const cursor = { bytes, at: start, end };
  while (cursor.at < end) {
    budget.fields -= 1;
    if (budget.fields < 0) throw new Malformed('it has more parts than a network needs');
    const key = readVarint(cursor);
    const number = Math.floor(key / 8);
    const wire = WIRES[key % 8];
    if (!wire || number === 0) throw new Malformed('a field has a number or a kind that there is not');
    const value = wire === 'varint' ? readVarint(cursor) : 0;
    const length = wire === 'bytes' ? readVarint(cursor) : FIXED[wire];
    if (length > end - cursor.at) throw new Malformed('a field goes on beyond the end');
    yield { bytes, start: cursor.at, end: cursor.at + length, budget, number, wire, value };
    cursor.at += length;
  }
}

/** A field that must be a message or a packed list, or bytes. */
export function span(field: Field): Span {
  return expectWire(field, 'bytes');
}

export function integer(field: Field): number {
  return expectWire(field, 'varint').value;
}

/** A field that must be text: names, mostly. */
export function text(field: Field): string {
  const { bytes, start, end } = span(field);
  if (end - start > LONGEST_TEXT) throw new Malformed('a name is too long');
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8');
}

/** How many values a field of a repeated number holds, packed (in `size` bytes each, 0: varints) or single. */
export function countOf(field: Field, size: 0 | 4 | 8): number {
  if (field.wire !== 'bytes') {
    expectWire(field, size === 0 ? 'varint' : size === 4 ? 'fixed32' : 'fixed64');
    return 1;
  }
  const length = field.end - field.start;
  if (size === 0) return countVarints(field);
  if (length % size !== 0) throw new Malformed('a list of numbers ends in the middle of one');
  return length / size;
}

/** The varints of a repeated field, packed or single; at most `most` of them. */
export function integers(field: Field, most: number): number[] {
  if (field.wire === 'varint') return [field.value];
  const { bytes, start, end } = span(field);
  if (countVarints(field) > most) throw new Malformed('a list of numbers is too long');
  const cursor = { bytes, at: start, end };
  const values: number[] = [];
  while (cursor.at < end) values.push(readVarint(cursor));
  return values;
}

/** Reads a varint and goes on behind it. */
function readVarint(cursor: { bytes: Uint8Array; at: number; end: number }): number {
  let value = 0;
  for (let index = 0; index < MOST_BYTES; index++) {
    if (cursor.at >= cursor.end) throw new Malformed('a number ends in the middle');
    const byte = cursor.bytes[cursor.at] as number;
    cursor.at += 1;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return value;
  }
  throw new Malformed('a number has more than 64 bits');
}

function countVarints({ bytes, start, end }: Span): number {
  let count = 0;
  for (let at = start; at < end; at++) if ((bytes[at] as number) < 0x80) count += 1;
  return count;
}

function expectWire(field: Field, wire: Wire): Field {
  if (field.wire !== wire) throw new Malformed(`field ${field.number} is of another kind (${field.wire})`);
  return field;
}

/** Throws if a field that can stand once has stood before: readers disagree about what two of them mean. */
export function expectOnce(seen: Set<number>, { number }: Field): void {
  if (seen.has(number)) throw new Malformed(`field ${number} stands twice`);
  seen.add(number);
}
