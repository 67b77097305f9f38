import { expectOnce, fieldsOf, Malformed, type Span, text } from './protobuf.ts';

/** Digits of a place in a file, up to what a number holds exactly. */
const PLACE = /^\d{1,15}$/;

/** Where the values of a tensor lie that are not in the file of the model. */
export interface ExternalData {
  /** The other file: a path from the folder of the model, as the model says it. Nobody has looked at it. */
  location: string;
  /** Its first byte there. */
  offset: number;
  byteLength: number;
}

/**
 * Reads where the values of a tensor lie: `entries` of `external_data`. Throws `Malformed` unless that is `bytes` bytes of a file.
 *
 * Source: onnx.proto, messages TensorProto and StringStringEntryProto. `checksum` is not looked at, as by ONNX Runtime.
 */
export function readExternalData(entries: readonly Span[], called: string, bytes: number): ExternalData {
  const said = new Map<string, string>();
  for (const entry of entries) {
    const { key, value } = readEntry(entry);
    if (said.has(key)) throw new Malformed(`${called} says twice where it lies`);
    said.set(key, value);
  }
  const place = (key: string, otherwise: number): number => {
    const digits = said.get(key) ?? String(otherwise);
    if (PLACE.test(digits)) return Number(digits);
    throw new Malformed(`${called} lies nowhere in another file (${key} ${JSON.stringify(digits)})`);
  };
  const location = said.get('location');
  if (!location) throw new Malformed(`${called} lies in another file, and does not say which`);
  const [offset, length] = [place('offset', 0), place('length', bytes)];
  if (length === bytes) return { location, offset, byteLength: bytes };
  const where = `in ${JSON.stringify(location)}`;
  throw new Malformed(`${called} has ${length} bytes ${where}, where its dimensions say ${bytes}`);
}

function readEntry(entry: Span): { key: string; value: string } {
  const seen = new Set<number>();
  const read = { key: '', value: '' };
  for (const field of fieldsOf(entry)) {
    if (field.number !== 1 && field.number !== 2) continue;
    expectOnce(seen, field);
    read[field.number === 1 ? 'key' : 'value'] = text(field);
  }
  return read;
}
