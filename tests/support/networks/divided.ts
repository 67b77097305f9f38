import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Field, fieldsOf } from '../../../src/engine/inference/protobuf.ts';
import { field, message } from '../onnx.ts';

/** An entry of a tensor's `external_data`. */
export const entry = (key: string, value: string | number): Buffer =>
  field(13, message(field(1, key), field(2, String(value))));

/** Fields of a tensor whose values lie in another file. */
export const external = (
  location: string,
  place: { offset?: number | string; length?: number | string } = {},
) => [
  entry('location', location),
  ...Object.entries(place).map(([key, value]) => entry(key, value)),
  field(14, 1),
];

export interface Divided {
  onnx: Buffer;
  /** Bytes of the other files, by where they are meant to lie. */
  files: Map<string, Buffer>;
}

/** `onnx` with its initialisers in other files: `location` says where each lies, by its name. */
export function divided(
  onnx: Buffer,
  location: (name: string) => string = () => 'network.onnx.data',
): Divided {
  const files = new Map<string, Buffer>();
  const tensor = (bytes: Buffer): Buffer => {
    const fields = [...fieldsOf(whole(bytes))];
    const name = String(bytesOf(fields.find(({ number }) => number === 8)) ?? '');
    return rewritten(bytes, ({ number }, value) => {
      if (number !== 9) return undefined;
      const path = location(name);
      const before = files.get(path) ?? Buffer.alloc(0);
      // Exporters begin at multiples of some size.
      const offset = Math.ceil(before.length / 64) * 64;
      files.set(path, Buffer.concat([before, Buffer.alloc(offset - before.length), value]));
      return message(...external(path, { offset, length: value.length }));
    });
  };
  const graph = (bytes: Buffer) =>
    rewritten(bytes, ({ number }, value) => (number === 5 ? field(5, tensor(value)) : undefined));
  const divided = rewritten(onnx, ({ number }, value) => (number === 7 ? field(7, graph(value)) : undefined));
  return { onnx: divided, files };
}

/** Writes a network and what belongs to it into `folder`; returns the path of its ONNX file. */
export async function writeDivided(
  folder: string,
  { onnx, files }: Divided,
  name = 'network.onnx',
): Promise<string> {
  for (const [location, bytes] of files) {
    await mkdir(dirname(join(folder, location)), { recursive: true });
    await writeFile(join(folder, location), bytes);
  }
  await writeFile(join(folder, name), onnx);
  return join(folder, name);
}

/** A message with other bytes in place of some of its fields. */
function rewritten(bytes: Buffer, replace: (field: Field, value: Buffer) => Buffer | undefined): Buffer {
  const parts: Buffer[] = [];
  let begin = 0;
  for (const each of fieldsOf(whole(bytes))) {
    parts.push(replace(each, bytesOf(each) ?? Buffer.alloc(0)) ?? bytes.subarray(begin, each.end));
    begin = each.end;
  }
  return Buffer.concat(parts);
}

const whole = (bytes: Buffer) => ({ bytes, start: 0, end: bytes.length, budget: { fields: 1e6 } });

const bytesOf = (found: Field | undefined): Buffer | undefined =>
  found && Buffer.from(found.bytes.subarray(found.start, found.end));
