import {
  type Layout,
  layOutDirectory,
  numberOf,
  type PlacedTag,
  pointerTag,
  readerOf,
  readNext,
  readTags,
  readTiffHeader,
  type Tag,
} from './ifd.ts';
import { movedMakerNote } from './maker-note.ts';

/** EXIF, as it lies in every format: a small TIFF file without a picture. Source: EXIF 2.32, section 4.5. */
export interface ExifBlock {
  littleEndian: boolean;
  /** Without the pointers to the others. */
  ifd0: Tag[];
  exif: Tag[];
  gps: Tag[];
  interoperability: Tag[];
  /** A JPEG. */
  thumbnail?: Buffer | undefined;
}

export const EXIF_POINTER = 0x8769;
export const GPS_POINTER = 0x8825;
export const INTEROPERABILITY_POINTER = 0xa005;
export const MAKER_NOTE = 0x927c;
export const SOFTWARE = 0x0131;
const THUMBNAIL_OFFSET = 0x0201;
const THUMBNAIL_LENGTH = 0x0202;

const POINTERS = new Set([EXIF_POINTER, GPS_POINTER, INTEROPERABILITY_POINTER]);
const PREFIX = Buffer.from('Exif\0\0', 'latin1');
const HEADER_BYTES = 8;

/** The block without the six bytes that stand before it in JPEGs. */
export function withoutPrefix(bytes: Buffer): Buffer {
  return bytes.subarray(0, PREFIX.length).equals(PREFIX) ? bytes.subarray(PREFIX.length) : bytes;
}

export const withPrefix = (bytes: Buffer) => Buffer.concat([PREFIX, withoutPrefix(bytes)]);

/** Reads a block of EXIF, with or without the prefix; undefined for anything else. */
export async function readExif(bytes: Buffer): Promise<ExifBlock | undefined> {
  const block = withoutPrefix(bytes);
  const header = readTiffHeader(block);
  if (!header || header.big) return undefined;
  const { littleEndian } = header;
  const read = readerOf(block);
  const first = await readTags(read, header.first, header);
  const exif = await below(first, EXIF_POINTER);
  return {
    littleEndian,
    ifd0: first.filter(notPointer),
    exif: exif.filter(notPointer),
    gps: await below(first, GPS_POINTER),
    interoperability: await below(exif, INTEROPERABILITY_POINTER),
    thumbnail: await thumbnail(),
  };

  async function below(tags: Tag[], pointer: number): Promise<Tag[]> {
    const at = numberOf(tags, pointer, littleEndian);
    return at ? readTags(read, at, { littleEndian, big: false }) : [];
  }

  async function thumbnail(): Promise<Buffer | undefined> {
    const layout = { littleEndian, big: false };
    const at = header ? await readNext(read, header.first, layout) : 0;
    if (at === 0) return undefined;
    const second = await readTags(read, at, layout);
    const offset = numberOf(second, THUMBNAIL_OFFSET, littleEndian);
    const length = numberOf(second, THUMBNAIL_LENGTH, littleEndian);
    return offset && length ? read(offset, length) : undefined;
  }
}

const notPointer = ({ tag }: Tag) => !POINTERS.has(tag);

/** Writes a block of EXIF, prefix included, in its own byte order. The thumbnail is left out. */
export function writeExif(block: ExifBlock): Buffer {
  const layout = { littleEndian: block.littleEndian, big: false };
  const { bytes, tags } = layOutExif(block, HEADER_BYTES, layout);
  const first = HEADER_BYTES + bytes.length;
  const header = Buffer.from(block.littleEndian ? 'II*\0\0\0\0\0' : 'MM\0*\0\0\0\0', 'latin1');
  if (block.littleEndian) header.writeUInt32LE(first, 4);
  else header.writeUInt32BE(first, 4);
  const directory = layOutDirectory([...block.ifd0, ...tags], first, layout);
  return Buffer.concat([PREFIX, header, bytes, directory.bytes]);
}

/**
 * The directories below the first one, laid out from `at`, which is even, and the tags with which the first
 * one points to them. The tags of `block` are in the byte order of `layout`.
 */
export function layOutExif(
  block: Pick<ExifBlock, 'exif' | 'gps' | 'interoperability' | 'littleEndian'>,
  at: number,
  layout: Layout,
): { bytes: Buffer; tags: (Tag | PlacedTag)[] } {
  const parts: Buffer[] = [];
  const tags: Tag[] = [];
  let next = at;
  const lay = (directory: Tag[]) => {
    const start = next;
    const { bytes, places } = layOutDirectory(directory, start, layout);
    parts.push(bytes);
    next += bytes.length;
    return { start, bytes, places };
  };
  const exif = [...block.exif];
  if (block.interoperability.length > 0) {
    exif.push(pointerTag(INTEROPERABILITY_POINTER, lay(block.interoperability).start, layout));
  }
  if (exif.length > 0) {
    const { start, bytes, places } = lay(exif);
    tags.push(pointerTag(EXIF_POINTER, start, layout));
    const note = block.exif.find(({ tag }) => tag === MAKER_NOTE);
    const place = places.get(MAKER_NOTE);
    if (note && place !== undefined) {
      movedMakerNote(note.value, note.at, place).copy(bytes, place - start);
    }
  }
  if (block.gps.length > 0) tags.push(pointerTag(GPS_POINTER, lay(block.gps).start, layout));
  return { bytes: Buffer.concat(parts), tags };
}
