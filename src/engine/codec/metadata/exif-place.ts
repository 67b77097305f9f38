import type { OutputFormat } from '../../../shared/formats.ts';
import type { ReadAt } from './ifd.ts';
import { extentsIn, itemsOf, parseMeta, readMeta } from './isobmff.ts';
import { headChunks } from './png-chunks.ts';

/** Where the block of EXIF lies in a file that we have written, without its mark; undefined if there is none. */
export async function exifPlace(
  read: ReadAt,
  size: number,
  format: Exclude<OutputFormat, 'tiff'>,
): Promise<number | undefined> {
  switch (format) {
    case 'jpeg':
      return inJpeg(read);
    case 'png':
      return (await headChunks(read)).find(({ type }) => type === 'eXIf')?.contentAt;
    case 'webp':
      return inWebp(read);
    case 'avif':
      return inAvif(read, size);
  }
}

const MARK = 'Exif\0\0';
const APP1 = 0xe1;
const START_OF_SCAN = 0xda;

async function inJpeg(read: ReadAt): Promise<number | undefined> {
  for (let at = 2; ; ) {
    const head = await read(at, 4 + MARK.length);
    if (head?.[0] !== 0xff || head[1] === START_OF_SCAN) return undefined;
    if (head[1] === APP1 && head.toString('latin1', 4) === MARK) return at + 4 + MARK.length;
    at += 2 + head.readUInt16BE(2);
  }
}

/** Source: WebP Container Specification, "RIFF File Format". */
async function inWebp(read: ReadAt): Promise<number | undefined> {
  for (let at = 12; ; ) {
    const head = await read(at, 8 + MARK.length);
    if (!head) return undefined;
    if (head.toString('latin1', 0, 4) === 'EXIF') {
      return at + 8 + (head.toString('latin1', 8) === MARK ? MARK.length : 0);
    }
    const length = head.readUInt32LE(4);
    at += 8 + length + (length % 2);
  }
}

/** The item begins with the distance to the block. Source: ISO/IEC 23008-12, annex A. */
async function inAvif(read: ReadAt, size: number): Promise<number | undefined> {
  const meta = await readMeta(read, size);
  if (!meta) return undefined;
  const { boxes } = parseMeta(meta.bytes);
  const [iinf, iloc] = ['iinf', 'iloc'].map((wanted) => boxes.find(({ type }) => type === wanted));
  if (!iinf || !iloc) return undefined;
  const [id] = itemsOf(meta.bytes, iinf, 'Exif');
  const extent = extentsIn(meta.bytes, iloc)?.find(({ item }) => item === id);
  const distance = extent && (await read(extent.offset, 4));
  return distance && extent.offset + 4 + distance.readUInt32BE();
}
