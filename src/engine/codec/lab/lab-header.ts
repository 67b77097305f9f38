import { type FileHandle, open } from 'node:fs/promises';
import { EnlargerError } from '../../../shared/errors.ts';
import { damaged, tooManyPixels } from '../libvips.ts';
import { fileReader } from '../metadata/file-edit.ts';
import {
  type Layout,
  numberOf,
  type ReadAt,
  readEntries,
  readNext,
  readTags,
  readTiffHeader,
  type Tag,
} from '../metadata/ifd.ts';
import type { LabEncoding } from './lab-encoding.ts';

/** What the first directory of a Lab TIFF says. */
export interface LabHeader extends LabEncoding {
  /** As stored. */
  width: number;
  height: number;
  /** As EXIF counts it. */
  orientation: number;
  /** 3 L*a*b*, 4 L*a*b* + alpha. */
  bands: 3 | 4;
  pages: number;
  layout: Layout;
  /** Where the directory says what its samples mean, in bytes from the start of the file. */
  photometricAt: number[];
  /** Bytes of the file. */
  size: number;
}

export const PHOTOMETRIC = 262;
const TAGS = {
  width: 256,
  height: 257,
  bits: 258,
  orientation: 274,
  samples: 277,
  extra: 338,
  sampleFormat: 339,
} as const;
const WANTED = new Set<number>([PHOTOMETRIC, ...Object.values(TAGS)]);
const CIELAB = 8;
const ICCLAB = 9;
const PREMULTIPLIED = 1;
const UNSIGNED = 1;
/** No program writes as many; a chain of directories that is longer is not counted to its end. */
const MOST_PAGES = 10_000;

/**
 * The header of a Lab TIFF that libvips would not read: 8 bits, an offset (ICCLab), or transparency, which it gets wrong.
 * Undefined for any other file, and for what cannot be opened. Throws `unsupported-format` for Lab that we do not read
 * either, `too-large` and `decode-failed`; they name `source`.
 */
export async function readLabHeader(source: string): Promise<LabHeader | undefined> {
  let file: FileHandle;
  try {
    file = await open(source, 'r');
  } catch {
    return undefined;
  }
  try {
    const { size } = await file.stat();
    return await headerOf(fileReader(file, size), size, source);
  } finally {
    await file.close();
  }
}

async function headerOf(read: ReadAt, size: number, source: string): Promise<LabHeader | undefined> {
  const head = (await read(0, 16)) ?? (await read(0, 8));
  const layout = head && readTiffHeader(head);
  if (!layout) return undefined;
  const { first, littleEndian } = layout;
  const tags = await readTags(read, first, layout, (tag) => WANTED.has(tag));
  const photometric = numberOf(tags, PHOTOMETRIC, littleEndian);
  if (photometric !== CIELAB && photometric !== ICCLAB) return undefined;
  const fields = fieldsOf(tags, littleEndian);
  if (photometric === CIELAB && fields.bits === 16 && fields.samples === 3) return undefined;
  const { bits, samples, width, height } = fields;
  const unread = unreadable(fields);
  if (unread !== undefined || (samples !== 3 && samples !== 4)) throw refusal(source, `${unread}`);
  if (width < 1 || height < 1) throw damaged(source, 'it has no size');
  if (tooManyPixels(fields, source)) throw tooManyPixels(fields, source);
  return {
    kind: photometric === CIELAB ? 'cielab' : 'icclab',
    deep: bits === 16,
    ...{ width, height, bands: samples, size, layout },
    orientation: fields.orientation,
    pages: await countPages(read, first, layout),
    photometricAt: await placesOf(read, first, layout),
  };
}
