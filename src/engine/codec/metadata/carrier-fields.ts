import type { FileHandle } from 'node:fs/promises';
import { EnlargerError } from '../../../shared/errors.ts';

/**
 * The metadata of a libvips frame: XML behind its pixels, one `field` a line. We read what libvips wrote a
 * moment ago, so anything of another shape is an error. Texts are kept as the file has them: UTF-8 bytes as
 * Latin-1 characters, `&`, `<` and `>` escaped.
 */
export interface Field {
  type: string;
  name: string;
  value: string;
}

export interface CarrierFields {
  /** The opening tag of the document. */
  root: string;
  /** Fields of the header part, which libvips owns. */
  header: Field[];
  meta: Field[];
  /** Names of fields that were left out for their size. */
  oversized: string[];
}

const PROFILE = 'icc-profile-data';
/** Bytes of a colour profile. Those of real devices end well below. */
const LARGEST_PROFILE = 16 * 1024 * 1024;
/** Bytes of everything else together. */
const LARGEST_METADATA = 64 * 1024 * 1024;
/** Base64 takes four characters for three bytes. */
const BASE64 = 4 / 3;
const CHUNK_BYTES = 1024 * 1024;
/** An opening tag so long is no tag. */
const LONGEST_TAG = 64 * 1024;

/** Reads the fields behind the pixels, in pieces, without ever holding what is too large to be kept. */
export async function readFields(file: FileHandle, from: number): Promise<CarrierFields> {
  const text = new TextCursor(file, from);
  const fields: CarrierFields = { root: '', header: [], meta: [], oversized: [] };
  let budget = LARGEST_METADATA * BASE64;
  let part: Field[] | undefined;
  for (;;) {
    await text.skipTo('<');
    const tag = await text.take('>', LONGEST_TAG);
    if (tag === undefined) throw malformed();
    if (tag === '</root>') return fields;
    if (tag.startsWith('<root ')) fields.root = tag;
    else if (tag === '<header>') part = fields.header;
    else if (tag === '<meta>') part = fields.meta;
    else if (tag.startsWith('<field ')) {
      const [, type, name] = /^<field type="(\w+)" name="([^"]*)">$/s.exec(tag) ?? [];
      if (!part || type === undefined || name === undefined) throw malformed();
      const limit = name === PROFILE ? LARGEST_PROFILE * BASE64 + 4 : budget;
      const value = await text.takeBefore('<', limit);
      if (value === undefined) {
        fields.oversized.push(name);
        continue;
      }
      if (name !== PROFILE) budget -= value.length;
      part.push({ type, name, value });
    } else if (!/^<(\?xml [^<]*\?|\/field|\/header|\/meta)>$/.test(tag)) throw malformed();
  }
}

const malformed = () => new EnlargerError('internal', 'The metadata of the scratch frame cannot be read.');

/** Walks through text in a file. */
class TextCursor {
  readonly #file: FileHandle;
  #position: number;
  #text = '';

  constructor(file: FileHandle, position: number) {
    this.#file = file;
    this.#position = position;
  }

  /** Drops what comes before the next `mark`. */
  async skipTo(mark: string): Promise<void> {
    for (;;) {
      const found = this.#text.indexOf(mark);
      this.#text = found < 0 ? '' : this.#text.slice(found);
      if (found >= 0 || !(await this.#readOn())) return;
    }
  }

  /** What comes up to the next `mark`, and it; undefined if it does not come within `limit` characters. */
  async take(mark: string, limit: number): Promise<string | undefined> {
    const before = await this.takeBefore(mark, limit);
    if (before === undefined || this.#text === '') return undefined;
    this.#text = this.#text.slice(mark.length);
    return before + mark;
  }

  /** What comes before the next `mark`; undefined if that is more than `limit` characters, which are dropped. */
  async takeBefore(mark: string, limit: number): Promise<string | undefined> {
    const parts: string[] = [];
    let length = 0;
    for (;;) {
      const found = this.#text.indexOf(mark);
      const part = found < 0 ? this.#text : this.#text.slice(0, found);
      length += part.length;
      if (length <= limit) parts.push(part);
      else parts.length = 0;
      this.#text = this.#text.slice(part.length);
      if (found >= 0) return length <= limit ? parts.join('') : undefined;
      if (!(await this.#readOn())) throw malformed();
    }
  }

  async #readOn(): Promise<boolean> {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    const { bytesRead } = await this.#file.read(chunk, 0, chunk.length, this.#position);
    this.#position += bytesRead;
    this.#text += chunk.toString('latin1', 0, bytesRead);
    return bytesRead > 0;
  }
}

/** The fields as libvips reads them. */
export function writeFields({ root, header, meta }: CarrierFields): Buffer {
  const lines = (fields: Field[]) =>
    fields.map(({ type, name, value }) => `    <field type="${type}" name="${name}">${value}</field>\n`);
  const text = [
    '<?xml version="1.0"?>\n',
    `${root}\n  <header>\n`,
    ...lines(header),
    '  </header>\n  <meta>\n',
    ...lines(meta),
    '  </meta>\n</root>\n',
  ];
  return Buffer.from(text.join(''), 'latin1');
}

/** The field of ours that names what was left out; libvips passes over it. */
export const OVERSIZED_FIELD = 'enlarger-oversized';

/** `fields` with one that names those that were left out. */
export function withOversized(fields: CarrierFields): CarrierFields {
  if (fields.oversized.length === 0) return fields;
  const value = fields.oversized.filter((name) => /^[\w-]+$/.test(name)).join(' ');
  return { ...fields, meta: [...fields.meta, { type: 'VipsRefString', name: OVERSIZED_FIELD, value }] };
}

/** What a field holds, by its name; names are unique. */
export class FieldSet {
  readonly #fields: Map<string, Field>;

  constructor(fields: readonly Field[]) {
    this.#fields = new Map(fields.map((field) => [field.name, field]));
  }

  all(): Field[] {
    return [...this.#fields.values()];
  }

  has(name: string): boolean {
    return this.#fields.has(name);
  }

  blob(name: string): Buffer | undefined {
    const field = this.#fields.get(name);
    return field?.type === 'VipsBlob' ? Buffer.from(field.value, 'base64') : undefined;
  }

  text(name: string): string | undefined {
    const value = this.#fields.get(name)?.value;
    if (value === undefined) return undefined;
    const plain = value.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
    return Buffer.from(plain, 'latin1').toString();
  }

  setBlob(name: string, bytes: Buffer): void {
    this.#fields.set(name, { type: 'VipsBlob', name, value: bytes.toString('base64') });
  }

  setText(name: string, text: string): void {
    const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    const value = Buffer.from(escaped).toString('latin1');
    this.#fields.set(name, { type: 'VipsRefString', name, value });
  }

  remove(wanted: (name: string) => boolean): void {
    for (const name of this.#fields.keys()) if (wanted(name)) this.#fields.delete(name);
  }

  adopt(fields: readonly Field[]): void {
    for (const field of fields) this.#fields.set(field.name, field);
  }
}
