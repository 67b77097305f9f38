import type { ExifBlock } from './exif-block.ts';
import type { Tag } from './ifd.ts';

/**
 * Texts of EXIF. They were to be ASCII, and are what Western cameras and programs wrote; EXIF 3.0 has UTF-8.
 * libvips puts question marks in the place of all other letters, as many as a letter has bytes of UTF-8.
 */

const ASCII = 2;
type Directory = 'ifd0' | 'exif' | 'gps' | 'interoperability';
const DIRECTORIES: readonly Directory[] = ['ifd0', 'exif', 'gps', 'interoperability'];

/** `block` with its texts in UTF-8, and whether any of them was not. */
export function inUtf8(block: ExifBlock): { block: ExifBlock; translated: boolean } {
  const translated = DIRECTORIES.some((name) => block[name].some(isForeign));
  if (!translated) return { block, translated };
  const changed = { ...block };
  for (const name of DIRECTORIES) changed[name] = block[name].map(translate);
  return { block: changed, translated };
}

function isForeign({ type, value }: Tag): boolean {
  if (type !== ASCII) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(value);
    return false;
  } catch {
    return true;
  }
}

function translate(tag: Tag): Tag {
  if (!isForeign(tag)) return tag;
  const value = Buffer.from(new TextDecoder('windows-1252').decode(tag.value));
  return { ...tag, count: value.length, value };
}

/** Where in a block of EXIF bytes have to stand again. */
export interface Repair {
  at: number;
  bytes: Buffer;
}

/** What has to be put back into `written` so that its texts are those of `meant`. */
export function repairsOf(meant: ExifBlock, written: ExifBlock): Repair[] {
  return DIRECTORIES.flatMap((name) =>
    meant[name].flatMap(({ tag, type, value }) => {
      if (type !== ASCII || !value.some((byte) => byte >= 0x80)) return [];
      const found = written[name].find((other) => other.tag === tag);
      // libvips ends every text with a zero, and no text with two.
      const bytes = withoutZeros(value);
      const fits = found && found.at >= 0 && withoutZeros(found.value).length === bytes.length;
      return fits ? [{ at: found.at, bytes }] : [];
    }),
  );
}

function withoutZeros(value: Buffer): Buffer {
  let end = value.length;
  while (end > 0 && value[end - 1] === 0) end -= 1;
  return value.subarray(0, end);
}
