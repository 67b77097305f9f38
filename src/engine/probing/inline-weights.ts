import type { FileHandle } from 'node:fs/promises';
import { MOST_BYTES } from '../inference/inspect-model.ts';
import type { ExternalData } from '../inference/onnx-external.ts';
import { readTensor } from '../inference/onnx-tensor.ts';
import { type Field, fieldsOf, type Span, span } from '../inference/protobuf.ts';
import { refusal } from './refusal.ts';
import { type DividedModel, findWeights, openWeights, readWeights } from './weights-files.ts';

/** Messages that may hold tensors. */
type Kind = 'model' | 'graph' | 'node' | 'attribute' | 'sparse' | 'tensor';

/** Which of their fields hold such messages. Source: onnx.proto. */
const INNER: Readonly<Record<Exclude<Kind, 'tensor'>, Readonly<Record<number, Kind>>>> = {
  model: { 7: 'graph' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparse' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph', 22: 'sparse', 23: 'sparse' },
  sparse: { 1: 'tensor', 2: 'tensor' },
};

/** TensorProto's fields. */
const RAW_DATA = 9;
const EXTERNAL_DATA = 13;
const DATA_LOCATION = 14;

/** A message as it is going to be written: bytes of the model, bytes of other files, and messages of the same kind. */
interface Rewritten {
  parts: (Uint8Array | ExternalData | Rewritten)[];
  byteLength: number;
}

/**
 * The model `bytes` with all weights inside that lie in other files; what else it says stays as it is, to the byte.
 * `inspectModel` has looked at it. Throws `model-invalid`, saying what to do, where weights are not to be had (weights-files.ts), or
 * all together are more than one file can hold.
 */
export async function inlineWeights(bytes: Uint8Array, model: DividedModel): Promise<Uint8Array> {
  // Whoever has looked at it has counted its fields.
  const budget = { fields: Number.POSITIVE_INFINITY };
  const whole = rewritten({ bytes, start: 0, end: bytes.length, budget }, 'model');
  if (!whole) return bytes;
  if (whole.byteLength > MOST_BYTES) {
    const reason = 'with its weights it is larger than 2 GB, the most that one ONNX file can be';
    throw refusal(model.file, [reason], 'Export it in half precision, or choose a smaller one.');
  }
  const flat = flattened(whole);
  const paths = await findWeights(
    model,
    flat.filter((part): part is ExternalData => !(part instanceof Uint8Array)),
  );
  const made = new Uint8Array(whole.byteLength);
  await using files = new OpenFile();
  let at = 0;
  for (const part of flat) {
    if (part instanceof Uint8Array) made.set(part, at);
    else {
      const { location, byteLength } = part;
      const file = await files.of(location, () => openWeights(model, location, paths.get(location) ?? ''));
      await readWeights(model, part, file, made.subarray(at, at + byteLength));
    }
    at += part.byteLength;
  }
  return made;
}

/** Undefined for a message without weights in other files. */
function rewritten(message: Span, kind: Kind): Rewritten | undefined {
  if (kind === 'tensor') return rewrittenTensor(message);
  return replaced(message, (field) => {
    const inner = INNER[kind][field.number];
    const made = inner && rewritten(span(field), inner);
    return made && [header(field.number, made.byteLength), made];
  });
}

function rewrittenTensor(tensor: Span): Rewritten | undefined {
  const { external } = readTensor(tensor, { most: MOST_BYTES, external: true });
  if (!external) return undefined;
  const rest = replaced(tensor, ({ number }) =>
    number === EXTERNAL_DATA || number === DATA_LOCATION ? [] : undefined,
  );
  return together([...(rest?.parts ?? []), header(RAW_DATA, external.byteLength), external]);
}

/** `message` with other parts in place of those fields for which there are some; undefined if there are none at all. */
function replaced(
  { bytes, start, ...rest }: Span,
  partsFor: (field: Field) => Rewritten['parts'] | undefined,
): Rewritten | undefined {
  const parts: Rewritten['parts'] = [];
  // Fields are known by their values: each begins where the one before ends.
  let [copied, begin] = [start, start];
  for (const field of fieldsOf({ bytes, start, ...rest })) {
    const instead = partsFor(field);
    if (instead) {
      parts.push(bytes.subarray(copied, begin), ...instead);
      copied = field.end;
    }
    begin = field.end;
  }
  if (copied === start) return undefined;
  return together([...parts, bytes.subarray(copied, begin)]);
}

function together(parts: Rewritten['parts']): Rewritten {
  return { parts, byteLength: parts.reduce((sum, { byteLength }) => sum + byteLength, 0) };
}

/** What stands before a field of bytes. */
function header(number: number, length: number): Uint8Array {
  const bytes: number[] = [];
  for (let value of [number * 8 + 2, length]) {
    for (; value > 0x7f; value = Math.floor(value / 0x80)) bytes.push((value % 0x80) + 0x80);
    bytes.push(value);
  }
  return Uint8Array.from(bytes);
}

function flattened({ parts }: Rewritten): (Uint8Array | ExternalData)[] {
  return parts.flatMap((part) => ('parts' in part ? flattened(part) : [part]));
}

/** The file that was read last: weights lie in one, or in many one after the other. */
class OpenFile implements AsyncDisposable {
  #open: { location: string; file: FileHandle } | undefined;

  async of(location: string, open: () => Promise<FileHandle>): Promise<FileHandle> {
    if (this.#open?.location === location) return this.#open.file;
    await this[Symbol.asyncDispose]();
    const file = await open();
    this.#open = { location, file };
    return file;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    await open?.file.close();
  }
}
