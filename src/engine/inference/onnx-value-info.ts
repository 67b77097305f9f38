import { ELEMENT } from './element-types.ts';
import { expectOnce, fieldsOf, integer, Malformed, type Span, span, text } from './protobuf.ts';

/** Pixels along a side beyond which nothing is a tile. */
const LONGEST_SIDE = 65_536;
const RANK = 4;

/** What an input or output of a graph says of itself. Source: onnx.proto, message ValueInfoProto. */
export function readValueInfo(info: Span): { name: string; type: Span | undefined } {
  const seen = new Set<number>();
  let [name, type]: [string, Span | undefined] = ['', undefined];
  for (const field of fieldsOf(info)) {
    if (field.number === 1) name = text(field);
    if (field.number !== 2) continue;
    expectOnce(seen, field);
    type = span(field);
  }
  return { name, type };
}

/**
 * Throws `Malformed` unless `type` is that of pictures: a uint8 or float32 tensor of four dimensions, those that
 * are fixed being possible ones. `called`: whose type it is, in words.
 */
export function expectPicture(type: Span | undefined, called: string): void {
  const tensor = type && only(type, 1, called);
  if (!tensor) throw new Malformed(`${called} does not say that it is a tensor`);
  const seen = new Set<number>();
  let [element, shape]: [number, Span | undefined] = [0, undefined];
  for (const field of fieldsOf(tensor)) {
    expectOnce(seen, field);
    if (field.number === 1) element = integer(field);
    if (field.number === 2) shape = span(field);
  }
  if (element !== ELEMENT.uint8 && element !== ELEMENT.float32) {
    throw new Malformed(`${called} has elements of type ${element}, neither uint8 nor float32`);
  }
  let rank = 0;
  for (const field of shape ? fieldsOf(shape) : []) {
    if (field.number !== 1) continue;
    rank += 1;
    expectSide(span(field), called);
  }
  if (rank !== RANK) throw new Malformed(`${called} has ${rank} dimensions, where pictures have ${RANK}`);
}

/**
 * Whether `type` is that of one number beside a picture: a float32 or float64 tensor of one element. Of fewer than four
 * dimensions, some may not be fixed; four that are not fixed are a picture's.
 */
export function isNumber(type: Span | undefined, called: string): boolean {
  const tensor = type && only(type, 1, called);
  let element = 0;
  const sides: (number | undefined)[] = [];
  for (const field of tensor ? fieldsOf(tensor) : []) {
    if (field.number === 1) element = integer(field);
    if (field.number !== 2) continue;
    for (const side of fieldsOf(span(field))) if (side.number === 1) sides.push(lengthOf(span(side)));
  }
  const single =
    sides.length <= RANK && sides.every((side) => side === 1 || (side === undefined && sides.length < RANK));
  return single && (element === ELEMENT.float32 || element === ELEMENT.float64);
}

/** Of a dimension; undefined where it is not fixed. */
function lengthOf(side: Span): number | undefined {
  for (const field of fieldsOf(side)) if (field.number === 1) return integer(field);
  return undefined;
}

/** The one field `number` of a message whose parts exclude one another. */
function only(message: Span, number: number, called: string): Span | undefined {
  let found: Span | undefined;
  for (const field of fieldsOf(message)) {
    // A denotation says what a type is for.
    if (field.number === 6) continue;
    if (field.number !== number || found) throw new Malformed(`${called} is no tensor`);
    found = span(field);
  }
  return found;
}

function expectSide(side: Span, called: string): void {
  for (const field of fieldsOf(side)) {
    if (field.number !== 1) continue;
    const length = integer(field);
    if (length < 1 || length > LONGEST_SIDE) {
      throw new Malformed(`${called} has a dimension of ${length}; from 1 to ${LONGEST_SIDE} are possible`);
    }
  }
}
