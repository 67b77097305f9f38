/**
 * IPTC's older half: data sets of the Information Interchange Model (IIM), which JPEGs keep within Photoshop's
 * image resources, TIFFs in a tag of their own, and PNGs as a text of hexadecimal digits.
 * Source: IPTC-NAA IIM 4.2; Adobe Photoshop File Formats, "Image Resource Blocks".
 */
export interface DataSet {
  record: number;
  number: number;
  value: Buffer;
}

interface Resource {
  id: number;
  name: Buffer;
  data: Buffer;
}

const MARK = Buffer.from('Photoshop 3.0\0', 'latin1');
const SIGNATURE = '8BIM';
const IIM = 0x0404;
/** Small pictures of the source, which the result is not. */
const THUMBNAILS = new Set([0x0409, 0x040c]);
const DATA_SET = 0x1c;
/** Lengths from here on say how long the length is. */
const EXTENDED = 0x8000;

/** The IIM within `bytes`: image resources with or without their mark, or bare IIM. */
export function iimOf(bytes: Buffer): Buffer | undefined {
  if (bytes[0] === DATA_SET) return bytes;
  const data = resourcesOf(bytes).find(({ id }) => id === IIM)?.data;
  return data?.length ? data : undefined;
}

/** `iim` and the other resources of `bytes` as a JPEG keeps them, without pictures of the source. */
export function photoshopOf(bytes: Buffer): Buffer {
  return Buffer.concat([MARK, ...resourceBytes(bytes)]);
}

/** The same without the mark, as PNG keeps them. */
export const resourcesIn = (bytes: Buffer) => Buffer.concat(resourceBytes(bytes));

/** The same resources as TIFF keeps them in tag 34377, but without the IIM, which has a tag of its own there. */
export function resourcesWithoutIim(bytes: Buffer): Buffer {
  return Buffer.concat(resourceBytes(bytes, IIM));
}

function resourceBytes(bytes: Buffer, without?: number): Buffer[] {
  const resources =
    bytes[0] === DATA_SET ? [{ id: IIM, name: Buffer.alloc(2), data: bytes }] : resourcesOf(bytes);
  return resources
    .filter(({ id }) => !THUMBNAILS.has(id) && id !== without)
    .map(({ id, name, data }) => {
      const head = Buffer.alloc(6);
      head.write(SIGNATURE, 'latin1');
      head.writeUInt16BE(id, 4);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(data.length);
      return Buffer.concat([head, name, length, data, Buffer.alloc(data.length % 2)]);
    });
}

function resourcesOf(bytes: Buffer): Resource[] {
  const resources: Resource[] = [];
  let at = bytes.subarray(0, MARK.length).equals(MARK) ? MARK.length : 0;
  while (at + 12 <= bytes.length && bytes.toString('latin1', at, at + 4) === SIGNATURE) {
    const id = bytes.readUInt16BE(at + 4);
    // A length and the name, together an even number of bytes.
    const named = 1 + (bytes[at + 6] as number);
    const lengthAt = at + 6 + named + (named % 2);
    if (lengthAt + 4 > bytes.length) break;
    const start = lengthAt + 4;
    const end = start + bytes.readUInt32BE(lengthAt);
    if (end > bytes.length) break;
    resources.push({ id, name: bytes.subarray(at + 6, lengthAt), data: bytes.subarray(start, end) });
    at = end + ((end - start) % 2);
  }
  return resources;
}

/** The data sets of `iim`, up to where it stops making sense. */
export function dataSetsOf(iim: Buffer): DataSet[] {
  const sets: DataSet[] = [];
  for (let at = 0; at + 5 <= iim.length && iim[at] === DATA_SET; ) {
    let length = iim.readUInt16BE(at + 3);
    let start = at + 5;
    if (length >= EXTENDED) {
      const size = length - EXTENDED;
      if (size === 0 || size > 4 || start + size > iim.length) break;
      length = iim.readUIntBE(start, size);
      start += size;
    }
    const end = start + length;
    if (end > iim.length) break;
    sets.push({
      record: iim[at + 1] as number,
      number: iim[at + 2] as number,
      value: iim.subarray(start, end),
    });
    at = end;
  }
  return sets;
}

/** The keyword under which PNGs keep IPTC, an agreement between ImageMagick, ExifTool and others. */
export const PNG_IPTC = 'Raw profile type iptc';

/** `bytes` as the text of such a chunk: a name, a length, and lines of 72 hexadecimal digits. */
export function rawProfileText(bytes: Buffer): string {
  const lines = bytes.toString('hex').match(/.{1,72}/g) ?? [];
  return `\niptc\n${String(bytes.length).padStart(8)}\n${lines.join('\n')}\n`;
}

/** What such a text holds. */
export function rawProfileBytes(text: string): Buffer | undefined {
  const [, digits] = /^\s*\w+\s+\d+\s+([0-9a-fA-F\s]+)$/.exec(text) ?? [];
  return digits === undefined ? undefined : Buffer.from(digits.replaceAll(/\s/g, ''), 'hex');
}
