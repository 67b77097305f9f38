import { open } from 'node:fs/promises';
import { EnlargerError } from '../../../shared/errors.ts';
import { expectOpenable } from '../libvips.ts';
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

const PHOTOMETRIC = 262;
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
 * The header of a Lab TIFF. libvips reads few of them, and takes their colours to be relative to any white. Undefined
 * for any other file, and for what cannot be read: whoever opens it next says why. Throws `unsupported-format` for Lab
 * that is not read here either, `too-large` and `decode-failed`; they name `source`.
 */
export async function readLabHeader(source: string): Promise<LabHeader | undefined> {
  try {
    await using file = await open(source, 'r');
    const { size } = await file.stat();
    return await headerOf(fileReader(file, size), size, source);
  } catch (error) {
    if (error instanceof EnlargerError && error.file === source) throw error;
    return undefined;
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
  const { bits, samples, width, height, orientation } = fields;
  const reason = unread(fields);
  if (reason !== undefined) throw refusal(source, reason);
  expectOpenable(fields, source);
  return {
    kind: photometric === CIELAB ? 'cielab' : 'icclab',
    deep: bits === 16,
    bands: samples === 3 ? 3 : 4,
    ...{ width, height, orientation, size, layout },
    pages: await countPages(read, first, layout),
    photometricAt: await placesOf(read, first, layout),
  };
}

type Fields = Record<keyof typeof TAGS, number>;

/** The first value of each tag, or what TIFF takes where there is none. */
function fieldsOf(tags: readonly Tag[], littleEndian: boolean): Fields {
  const valueIn = (tag: number, missing: number) => numberOf(tags, tag, littleEndian) ?? missing;
  return {
    width: valueIn(TAGS.width, 0),
    height: valueIn(TAGS.height, 0),
    bits: valueIn(TAGS.bits, 1),
    orientation: valueIn(TAGS.orientation, 1),
    samples: valueIn(TAGS.samples, 1),
    extra: valueIn(TAGS.extra, 0),
    sampleFormat: valueIn(TAGS.sampleFormat, UNSIGNED),
  };
}

/** Why Lab stored like this is not read, as a clause in words; undefined where it is. */
function unread({ bits, samples, extra, sampleFormat }: Fields): string | undefined {
  if (samples === 1) return 'lightness alone';
  if (samples !== 3 && samples !== 4) return `${samples} channels`;
  if ((bits !== 8 && bits !== 16) || sampleFormat !== UNSIGNED) return 'samples of an unusual kind';
  // The offset of a* and b* went in before they were multiplied, or after: nothing says which.
  return samples === 4 && extra === PREMULTIPLIED ? 'colours multiplied by their transparency' : undefined;
}

function refusal(source: string, reason: string): EnlargerError {
  const advice = 'Save it as RGB, in TIFF or PNG, and add that.';
  return new EnlargerError(
    'unsupported-format',
    `${source}: Lab pictures with ${reason} cannot be read. ${advice}`,
    { file: source },
  );
}

async function countPages(read: ReadAt, first: number, layout: Layout): Promise<number> {
  const seen = new Set<number>();
  for (let at = first; at !== 0 && !seen.has(at) && seen.size < MOST_PAGES; ) {
    seen.add(at);
    at = await readNext(read, at, layout);
  }
  return seen.size;
}

/** Where the entries begin that say what the samples mean; one, unless somebody has played with the file. */
async function placesOf(read: ReadAt, first: number, layout: Layout): Promise<number[]> {
  const start = first + (layout.big ? 8 : 2);
  const entries = await readEntries(read, first, layout);
  return entries.flatMap(({ tag, entry }, index) =>
    tag === PHOTOMETRIC ? [start + index * entry.length] : [],
  );
}
