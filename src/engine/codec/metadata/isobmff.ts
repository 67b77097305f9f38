import type { Cicp } from './cicp.ts';
import type { ReadAt } from './ifd.ts';

/**
 * The boxes of AVIF and HEIF files that say how a picture is coded. Files may lie about every length: nothing
 * is read from outside its box. Source: ISO/IEC 14496-12, section 4.2; ISO/IEC 23008-12, sections 6.5 and 9.3.
 */
export interface Box {
  type: string;
  /** Of the box, and of its content; `end` is behind it. */
  at: number;
  start: number;
  end: number;
}

const LARGEST_META = 64 * 1024 * 1024;
const MOST_BOXES = 65_536;

/** The `meta` box of a file and its content, as boxes within `bytes`; undefined for any other file. */
export async function readMeta(
  read: ReadAt,
  size: number,
): Promise<{ bytes: Buffer; at: number } | undefined> {
  for (let at = 0, boxes = 0; at + 8 <= size && boxes < MOST_BOXES; boxes++) {
    const head = await read(at, Math.min(16, size - at));
    const box = head && boxAt(head, at, size);
    if (!box || (boxes === 0 && box.type !== 'ftyp')) return undefined;
    if (box.type === 'meta') {
      const bytes = box.end - at <= LARGEST_META ? await read(at, box.end - at) : undefined;
      return bytes && { bytes, at };
    }
    at = box.end;
  }
  return undefined;
}

/** The box whose head is `head`, at `at` of something that ends at `end`; undefined if it would reach beyond. */
function boxAt(head: Buffer, at: number, end: number): Box | undefined {
  if (head.length < 8) return undefined;
  const type = head.toString('latin1', 4, 8);
  const short = head.readUInt32BE(0);
  if (short === 1 && head.length < 16) return undefined;
  const [size, headBytes] =
    short === 1 ? [Number(head.readBigUInt64BE(8)), 16] : [short === 0 ? end - at : short, 8];
  if (size < headBytes || at + size > end) return undefined;
  return { type, at, start: at + headBytes, end: at + size };
}

/** The boxes from `start` to `end` of `bytes`, up to where they stop making sense. */
function boxesIn(bytes: Buffer, start: number, end: number): Box[] {
  const boxes: Box[] = [];
  for (let at = start; at + 8 <= end; ) {
    const box = boxAt(bytes.subarray(at, Math.min(end, at + 16)), at, end);
    if (!box) break;
    boxes.push(box);
    at = box.end;
  }
  return boxes;
}

export interface Meta {
  boxes: Box[];
  /** Id of the picture that is shown. */
  primary: number;
  iprp: Box | undefined;
  /** The properties, in the order in which they are counted from 1. */
  ipco: Box | undefined;
  ipma: Box | undefined;
}

const within = (boxes: readonly Box[], type: string) => boxes.find((box) => box.type === type);

/** The parts of `bytes`, which begin with the meta box. */
export function parseMeta(bytes: Buffer): Meta {
  const [meta] = boxesIn(bytes, 0, bytes.length);
  // A version and flags stand before the boxes.
  const boxes = meta ? boxesIn(bytes, meta.start + 4, meta.end) : [];
  const iprp = within(boxes, 'iprp');
  const properties = iprp ? boxesIn(bytes, iprp.start, iprp.end) : [];
  const pitm = within(boxes, 'pitm');
  return {
    boxes,
    primary: pitm ? (numberAt(bytes, pitm.start + 4, bytes[pitm.start] === 0 ? 2 : 4, pitm.end) ?? 0) : 0,
    iprp,
    ipco: within(properties, 'ipco'),
    ipma: within(properties, 'ipma'),
  };
}

function numberAt(bytes: Buffer, at: number, size: number, end: number): number | undefined {
  if (at + size > Math.min(end, bytes.length)) return undefined;
  if (size === 0) return 0;
  return size === 8 ? Number(bytes.readBigUInt64BE(at)) : bytes.readUIntBE(at, size);
}

/** Where the associations of one item lie: at `countAt` their number in one byte, then each in `size` bytes. */
export interface Associations {
  item: number;
  countAt: number;
  count: number;
  size: 1 | 2;
}

/** Which properties belong to which item. */
export function associationsIn(bytes: Buffer, ipma: Box): Associations[] {
  const [version = 0, flags = 0] = [bytes[ipma.start], bytes[ipma.start + 3]];
  const size = flags & 1 ? 2 : 1;
  const idBytes = version < 1 ? 2 : 4;
  const items: Associations[] = [];
  const total = numberAt(bytes, ipma.start + 4, 4, ipma.end) ?? 0;
  for (let at = ipma.start + 8; items.length < total; ) {
    const item = numberAt(bytes, at, idBytes, ipma.end);
    const count = numberAt(bytes, at + idBytes, 1, ipma.end);
    if (item === undefined || count === undefined) break;
    items.push({ item, countAt: at + idBytes, count, size });
    at += idBytes + 1 + count * size;
    if (at > ipma.end) break;
  }
  return items;
}

/** The colour code (`colr` of type `nclx`) of the picture that is shown, where the file states one. */
export function colourCode(bytes: Buffer): Cicp | undefined {
  const { primary, ipco, ipma } = parseMeta(bytes);
  if (!ipco || !ipma) return undefined;
  const properties = boxesIn(bytes, ipco.start, ipco.end);
  const own = associationsIn(bytes, ipma).find(({ item }) => item === primary);
  if (!own) return undefined;
  for (let index = 0; index < own.count; index++) {
    const at = own.countAt + 1 + index * own.size;
    // The highest bit says whether the property must be understood.
    const mask = own.size === 2 ? 0x7fff : 0x7f;
    const property = properties[((numberAt(bytes, at, own.size, ipma.end) ?? 0) & mask) - 1];
    if (property?.type !== 'colr') continue;
    const { start, end } = property;
    if (bytes.toString('latin1', start, start + 4) !== 'nclx' || end - start < 11) continue;
    return {
      primaries: bytes.readUInt16BE(start + 4),
      transfer: bytes.readUInt16BE(start + 6),
      matrix: bytes.readUInt16BE(start + 8),
      fullRange: ((bytes[start + 10] as number) & 0x80) !== 0,
    };
  }
  return undefined;
}

/** A piece of an item in the file: `offsetAt` is where its offset stands, in `offsetBytes` bytes. */
export interface Extent {
  item: number;
  offset: number;
  length: number;
  offsetAt: number;
  offsetBytes: number;
}

/** The extents that count from the beginning of the file; undefined if `iloc` makes no sense. */
export function extentsIn(bytes: Buffer, iloc: Box): Extent[] | undefined {
  const version = numberAt(bytes, iloc.start, 1, iloc.end) ?? 0;
  const sizes = numberAt(bytes, iloc.start + 4, 2, iloc.end) ?? 0;
  const [offsetBytes, lengthBytes, baseBytes] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15];
  const indexBytes = version === 0 ? 0 : sizes & 15;
  if (![offsetBytes, lengthBytes, baseBytes, indexBytes].every((size) => [0, 4, 8].includes(size))) {
    return undefined;
  }
  const idBytes = version < 2 ? 2 : 4;
  let at = iloc.start + 6;
  let inside = true;
  const take = (size: number): number => {
    const number = numberAt(bytes, at, size, iloc.end);
    inside &&= number !== undefined;
    at += size;
    return number ?? 0;
  };
  const extents: Extent[] = [];
  for (let items = take(idBytes); items > 0 && inside; items--) {
    const item = take(idBytes);
    const method = version === 0 ? 0 : take(2) & 15;
    // Which file it is: this one.
    take(2);
    const base = take(baseBytes);
    for (let count = take(2); count > 0 && inside; count--) {
      take(indexBytes);
      const offsetAt = at;
      const offset = base + take(offsetBytes);
      const length = take(lengthBytes);
      if (method === 0) extents.push({ item, offset, length, offsetAt, offsetBytes });
    }
  }
  return inside ? extents : undefined;
}

/** The ids of the items of a type, such as `Exif`. Source: ISO/IEC 14496-12, section 8.11.6. */
export function itemsOf(bytes: Buffer, iinf: Box, type: string): number[] {
  const entriesAt = iinf.start + (bytes[iinf.start] === 0 ? 6 : 8);
  return boxesIn(bytes, entriesAt, iinf.end).flatMap(({ start, end }) => {
    const idBytes = bytes[start] === 2 ? 2 : 4;
    const typeAt = start + 4 + idBytes + 2;
    if (typeAt + 4 > end || bytes.toString('latin1', typeAt, typeAt + 4) !== type) return [];
    return [bytes.readUIntBE(start + 4, idBytes)];
  });
}
