import { writeFile } from 'node:fs/promises';
import type { ExifBlock } from '../../../../src/engine/codec/metadata/exif-block.ts';
import { layOutExif } from '../../../../src/engine/codec/metadata/exif-block.ts';
import {
  type Layout,
  layOutDirectory,
  type Tag,
  writeNumber,
} from '../../../../src/engine/codec/metadata/ifd.ts';

/** Metadata made by hand, for what no library writes. */

const numbers =
  (type: number, size: number) =>
  (tag: number, values: number[], littleEndian: boolean): Tag => {
    const value = Buffer.alloc(values.length * size);
    for (const [index, number] of values.entries()) {
      writeNumber(value, number, index * size, size, littleEndian);
    }
    return { tag, type, count: values.length, value, at: -1 };
  };

export const short = numbers(3, 2);
export const long = numbers(4, 4);

export function rational(tag: number, parts: number[], littleEndian: boolean): Tag {
  return { ...long(tag, parts, littleEndian), type: 5, count: parts.length / 2 };
}

export function bytes(tag: number, value: Buffer): Tag {
  return { tag, type: 7, count: value.length, value, at: -1 };
}

export function ascii(tag: number, text: string): Tag {
  const value = Buffer.from(`${text}\0`, 'latin1');
  return { tag, type: 2, count: value.length, value, at: -1 };
}

/** A camera's EXIF. The seconds of its latitude are found by `SECONDS`. */
export function cameraExif(littleEndian: boolean, note: Buffer = MAKER_NOTE): ExifBlock {
  return {
    littleEndian,
    ifd0: [
      ascii(0x010f, 'Voigtländer'),
      ascii(0x0110, 'Bessa'),
      ascii(0x0131, 'Firmware 1'),
      ascii(0x013b, 'Anna Atkins'),
      ascii(0x8298, 'Public domain'),
    ],
    exif: [
      rational(0x829a, [1, 125], littleEndian),
      short(0x8827, [400], littleEndian),
      bytes(0x9000, Buffer.from('0232', 'latin1')),
      ascii(0x9003, '1843:10:01 12:00:00'),
      bytes(0x927c, note),
    ],
    gps: [
      { tag: 0, type: 1, count: 4, value: Buffer.from([2, 3, 0, 0]), at: -1 },
      ascii(1, 'N'),
      rational(2, [51, 1, 30, 1, 3230, 100], littleEndian),
      ascii(3, 'W'),
      rational(4, [0, 1, 7, 1, 0, 1], littleEndian),
    ],
    interoperability: [ascii(1, 'R98')],
  };
}

export const secondsOf = (littleEndian: boolean) => rational(2, [3230, 100], littleEndian).value;

/** A note that may lie anywhere. */
const MAKER_NOTE = Buffer.from('Voigtlaender says nothing that points elsewhere', 'latin1');

/** A note of the kind whose offsets count from the block's beginning, made for the place `at`. */
export function pointingNote(at: number): Buffer {
  const text = Buffer.from('Heliar 50mm f/3.5\0', 'latin1');
  const note = Buffer.alloc(2 + 12 + 4 + text.length);
  note.writeUInt16LE(1, 0);
  note.writeUInt16LE(0x95, 2);
  note.writeUInt16LE(2, 4);
  note.writeUInt32LE(text.length, 6);
  note.writeUInt32LE(at + 18, 10);
  text.copy(note, 18);
  return note;
}

/** IIM with a caption, an author, two keywords and a date. */
export function iim(): Buffer {
  const set = (number: number, text: string) => {
    const value = Buffer.from(text);
    return Buffer.concat([Buffer.from([0x1c, 2, number, value.length >> 8, value.length & 255]), value]);
  };
  return Buffer.concat([
    Buffer.from([0x1c, 1, 90, 0, 3, 0x1b, 0x25, 0x47]),
    set(120, 'A fern, drawn by the sun'),
    set(80, 'Anna Atkins'),
    set(25, 'fern'),
    set(25, 'café'),
    set(90, 'Halstead'),
    set(55, '18431001'),
    set(60, '120000+0000'),
  ]);
}

/** An APP13 segment with `iim` and a thumbnail of Photoshop's. */
export function photoshopSegment(iptc: Buffer): Buffer {
  const resource = (id: number, data: Buffer) => {
    const head = Buffer.from('8BIM\0\0\0\0\0\0\0\0', 'latin1');
    head.writeUInt16BE(id, 4);
    head.writeUInt32BE(data.length, 8);
    return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
  };
  return segment(
    0xed,
    Buffer.concat([
      Buffer.from('Photoshop 3.0\0', 'latin1'),
      resource(0x0404, iptc),
      resource(0x040c, Buffer.from('old thumbnail')),
      resource(0x0421, Buffer.from('version')),
    ]),
  );
}

/** A segment of a JPEG. */
export function segment(marker: number, content: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([head, content]);
}

/** `jpeg` with segments behind its start. */
export const withSegments = (jpeg: Buffer, ...segments: Buffer[]) =>
  Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)]);

const PIXELS = Buffer.from(Array.from({ length: 8 * 6 * 3 }, (_, index) => (index * 5) % 256));

/** Writes a TIFF of 8×6 pixels in either byte order and either size of offsets, with `exif` and more tags. */
export async function writeTaggedTiff(
  file: string,
  layout: Layout,
  exif: ExifBlock | undefined,
  more: Tag[] = [],
): Promise<string> {
  const { littleEndian, big } = layout;
  const header = Buffer.alloc(16);
  header.write(littleEndian ? 'II' : 'MM', 'latin1');
  writeNumber(header, big ? 43 : 42, 2, 2, littleEndian);
  if (big) writeNumber(header, 8, 4, 2, littleEndian);
  const below = exif ? layOutExif(exif, header.length + PIXELS.length, layout) : undefined;
  const first = header.length + PIXELS.length + (below?.bytes.length ?? 0);
  const directory = layOutDirectory(
    [
      short(256, [8], littleEndian),
      short(257, [6], littleEndian),
      short(258, [8, 8, 8], littleEndian),
      short(259, [1], littleEndian),
      short(262, [2], littleEndian),
      short(273, [header.length], littleEndian),
      short(277, [3], littleEndian),
      short(278, [6], littleEndian),
      short(279, [PIXELS.length], littleEndian),
      ...(exif?.ifd0 ?? []),
      ...(below?.tags ?? []),
      ...more,
    ],
    first,
    layout,
  );
  writeNumber(header, first, big ? 8 : 4, big ? 8 : 4, littleEndian);
  await writeFile(file, Buffer.concat([header, PIXELS, below?.bytes ?? Buffer.alloc(0), directory.bytes]));
  return file;
}
