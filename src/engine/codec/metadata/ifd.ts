/**
 * Image file directories, in which TIFF, BigTIFF and EXIF keep their tags. Whatever reads them stays inside
 * what it was given, however the offsets lie.
 * Source: TIFF 6.0, section 2; the BigTIFF design; EXIF 2.32, section 4.6.
 */

export interface Layout {
  littleEndian: boolean;
  /** BigTIFF: offsets and counts of 64 bits. */
  big: boolean;
}

export interface Tag {
  tag: number;
  type: number;
  /** Values, not bytes. */
  count: number;
  /** In the byte order of where it came from. */
  value: Buffer;
  /** Where the value began in what it was read from. */
  at: number;
}

/** A tag whose value stays where it lies: its bytes in the directory, as they are. */
export interface PlacedTag {
  tag: number;
  entry: Buffer;
}

/** Resolves to exactly `length` bytes from `at`, or to undefined where there are not so many. */
export type ReadAt = (at: number, length: number) => Promise<Buffer | undefined>;

/** Bytes of one value, by type. */
const TYPE_BYTES: Record<number, number> = {
  ...{
    1: 1,
    2: 1,
    3: 2,
    4: 4,
    5: 8,
    6: 1,
    7: 1,
    8: 2,
    9: 4,
    10: 8,
    11: 4,
    12: 8,
    13: 4,
    16: 8,
    17: 8,
    18: 8,
  },
};
/** Rationals are two numbers of four bytes each. */
const NUMBER_BYTES: Record<number, number> = { ...TYPE_BYTES, 5: 4, 10: 4 };

/** No camera writes as many; a directory that claims more is none. */
const MOST_TAGS = 4096;
const LARGEST_VALUE = 64 * 1024 * 1024;

export const UNDEFINED = 7;
export const LONG = 4;
const LONG8 = 16;

const entryBytes = ({ big }: Layout) => (big ? 20 : 12);

/** Reads a part of a buffer as if it were a file. */
export const readerOf =
  (bytes: Buffer): ReadAt =>
  async (at, length) =>
    at >= 0 && at + length <= bytes.length ? bytes.subarray(at, at + length) : undefined;

export function readNumber(bytes: Buffer, at: number, size: number, littleEndian: boolean): number {
  if (size === 8) {
    return Number(littleEndian ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
  }
  return littleEndian ? bytes.readUIntLE(at, size) : bytes.readUIntBE(at, size);
}

export function writeNumber(
  bytes: Buffer,
  value: number,
  at: number,
  size: number,
  littleEndian: boolean,
): void {
  if (size === 8) {
    if (littleEndian) bytes.writeBigUInt64LE(BigInt(value), at);
    else bytes.writeBigUInt64BE(BigInt(value), at);
  } else if (littleEndian) bytes.writeUIntLE(value, at, size);
  else bytes.writeUIntBE(value, at, size);
}

/** The header of a TIFF file or EXIF block: its layout, and where its first directory begins. */
export function readTiffHeader(header: Buffer): (Layout & { first: number }) | undefined {
  if (header.length < 8) return undefined;
  const mark = header.toString('latin1', 0, 2);
  if (mark !== 'II' && mark !== 'MM') return undefined;
  const littleEndian = mark === 'II';
  const version = readNumber(header, 2, 2, littleEndian);
  if (version === 42) return { littleEndian, big: false, first: readNumber(header, 4, 4, littleEndian) };
  if (version !== 43 || header.length < 16) return undefined;
  return { littleEndian, big: true, first: readNumber(header, 8, 8, littleEndian) };
}

/** The entries of the directory at `at`, unread; none where there is no directory. */
export async function readEntries(read: ReadAt, at: number, layout: Layout): Promise<PlacedTag[]> {
  const countBytes = layout.big ? 8 : 2;
  const size = entryBytes(layout);
  const head = await read(at, countBytes);
  const count = head ? readNumber(head, 0, countBytes, layout.littleEndian) : 0;
  const bytes = count <= MOST_TAGS ? await read(at + countBytes, count * size) : undefined;
  if (!bytes) return [];
  return Array.from({ length: count }, (_, index) => {
    const entry = Buffer.from(bytes.subarray(index * size, (index + 1) * size));
    return { tag: readNumber(entry, 0, 2, layout.littleEndian), entry };
  });
}

/** Where the directory behind the one at `at` begins; 0 where there is none. */
export async function readNext(read: ReadAt, at: number, layout: Layout): Promise<number> {
  const entries = await readEntries(read, at, layout);
  const field = layout.big ? 8 : 4;
  const bytes = await read(at + (layout.big ? 8 : 2) + entries.length * entryBytes(layout), field);
  return bytes ? readNumber(bytes, 0, field, layout.littleEndian) : 0;
}

/** The tags of the directory at `at` that `wanted` asks for. Those whose value is not there are left out. */
export async function readTags(
  read: ReadAt,
  at: number,
  layout: Layout,
  wanted: (tag: number) => boolean = () => true,
): Promise<Tag[]> {
  const tags: Tag[] = [];
  for (const { tag, entry } of await readEntries(read, at, layout)) {
    if (!wanted(tag)) continue;
    const field = layout.big ? 8 : 4;
    const type = readNumber(entry, 2, 2, layout.littleEndian);
    const count = readNumber(entry, 4, field, layout.littleEndian);
    const bytes = count * (TYPE_BYTES[type] ?? Number.NaN);
    if (!(bytes > 0 && bytes <= LARGEST_VALUE)) continue;
    const offset = readNumber(entry, 4 + field, field, layout.littleEndian);
    const inside = bytes <= field;
    const value = inside ? entry.subarray(4 + field, 4 + field + bytes) : await read(offset, bytes);
    if (value) tags.push({ tag, type, count, value, at: inside ? -1 : offset });
  }
  return tags;
}

/** The first number of the tag, where it is there and of a type for whole numbers. */
export function numberOf(tags: readonly Tag[], wanted: number, littleEndian: boolean): number | undefined {
  const found = tags.find(({ tag }) => tag === wanted);
  const size = found && NUMBER_BYTES[found.type];
  return found && size ? readNumber(found.value, 0, size, littleEndian) : undefined;
}

/** A tag that points to `target`. */
export function pointerTag(tag: number, target: number, { littleEndian, big }: Layout): Tag {
  const value = Buffer.alloc(big ? 8 : 4);
  writeNumber(value, target, 0, value.length, littleEndian);
  return { tag, type: big ? LONG8 : LONG, count: 1, value, at: -1 };
}

/** The same value in the other byte order. What is undefined or text has none. */
export function swapped(tag: Tag): Tag {
  const value = Buffer.from(tag.value);
  const size = NUMBER_BYTES[tag.type];
  if (size === 2) value.swap16();
  else if (size === 4) value.swap32();
  else if (size === 8) value.swap64();
  return { ...tag, value };
}

/**
 * A directory that begins at `at`, which is even, and behind it the values that do not fit into it. Tags are
 * sorted. `places` says where each of those values begins.
 */
export function layOutDirectory(
  tags: readonly (Tag | PlacedTag)[],
  at: number,
  layout: Layout,
): { bytes: Buffer; places: Map<number, number> } {
  const { littleEndian, big } = layout;
  const field = big ? 8 : 4;
  const size = entryBytes(layout);
  const countBytes = big ? 8 : 2;
  const head = Buffer.alloc(countBytes + tags.length * size + field);
  writeNumber(head, tags.length, 0, countBytes, littleEndian);
  const values: Buffer[] = [];
  const places = new Map<number, number>();
  let next = at + head.length;
  const sorted = tags.toSorted((a, b) => a.tag - b.tag);
  for (const [index, tag] of sorted.entries()) {
    const start = countBytes + index * size;
    if ('entry' in tag) {
      tag.entry.copy(head, start);
      continue;
    }
    writeNumber(head, tag.tag, start, 2, littleEndian);
    writeNumber(head, tag.type, start + 2, 2, littleEndian);
    writeNumber(head, tag.count, start + 4, field, littleEndian);
    if (tag.value.length <= field) {
      tag.value.copy(head, start + 4 + field);
      continue;
    }
    writeNumber(head, next, start + 4 + field, field, littleEndian);
    places.set(tag.tag, next);
    const padded = tag.value.length % 2 ? Buffer.concat([tag.value, Buffer.alloc(1)]) : tag.value;
    values.push(padded);
    next += padded.length;
  }
  return { bytes: Buffer.concat([head, ...values]), places };
}
