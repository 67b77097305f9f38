import { type ReadAt, readerOf, readTags, readTiffHeader } from './ifd.ts';
import { itemsOf, parseMeta, readMeta } from './isobmff.ts';

/**
 * Gain maps: a second picture in the same file that says how much brighter than white the first one is meant.
 * Sources: Adobe, Gain Map Specification; ISO 21496-1; CIPA DC-007 (MPF).
 */

const ISO_MARK = 'urn:iso:std:iso:ts:21496';
const MPF_MARK = 'MPF\0';
const MP_ENTRIES = 0xb002;
const ENTRY_BYTES = 16;
const MOST_PICTURES = 64;
/** A second picture says what it is at its beginning. */
const BEGINNING = 64 * 1024;
const STATEMENTS = [ISO_MARK, 'hdr-gain-map', 'HDRGainMap'];
const MOST_SEGMENTS = 10_000;
const APP2 = 0xe2;
const START_OF_SCAN = 0xda;

/** Whether the file has a gain map beside its picture. Statements in its XMP are not looked at. */
export async function hasGainMap(read: ReadAt, size: number): Promise<boolean> {
  const head = await read(0, 2);
  if (head?.toString('hex') === 'ffd8') return inJpeg(read, size);
  const meta = await readMeta(read, size);
  if (!meta) return false;
  const { bytes } = meta;
  const iinf = parseMeta(bytes).boxes.find(({ type }) => type === 'iinf');
  return iinf !== undefined && itemsOf(bytes, iinf, 'tmap').length > 0;
}

async function inJpeg(read: ReadAt, size: number): Promise<boolean> {
  for (let at = 2, segments = 0; segments < MOST_SEGMENTS; segments++) {
    const head = await read(at, 4);
    if (head?.[0] !== 0xff || head[1] === START_OF_SCAN) return false;
    const length = head.readUInt16BE(2);
    if (length < 2) return false;
    if (head[1] === APP2) {
      const content = await read(at + 4, length - 2);
      if (content?.toString('latin1').startsWith(ISO_MARK)) return true;
      if (content?.toString('latin1', 0, MPF_MARK.length) === MPF_MARK) {
        return amongPictures(content.subarray(MPF_MARK.length), at + 4 + MPF_MARK.length, read, size);
      }
    }
    at += 2 + length;
  }
  return false;
}

/** Whether one of the pictures that the index lists, offsets counted from `origin`, says it is a gain map. */
async function amongPictures(index: Buffer, origin: number, read: ReadAt, size: number): Promise<boolean> {
  const header = readTiffHeader(index);
  if (!header) return false;
  const tags = await readTags(readerOf(index), header.first, header);
  const entries = tags.find(({ tag }) => tag === MP_ENTRIES)?.value ?? Buffer.alloc(0);
  for (let at = 0, picture = 0; at + ENTRY_BYTES <= entries.length && picture < MOST_PICTURES; picture++) {
    const offset = header.littleEndian ? entries.readUInt32LE(at + 8) : entries.readUInt32BE(at + 8);
    at += ENTRY_BYTES;
    // The first is the picture itself.
    if (offset === 0 || origin + offset >= size) continue;
    const start = origin + offset;
    const beginning = (await read(start, Math.min(BEGINNING, size - start)))?.toString('latin1') ?? '';
    if (STATEMENTS.some((statement) => beginning.includes(statement))) return true;
  }
  return false;
}
