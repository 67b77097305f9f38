import { hasAlpha, isGray } from './planes.ts';

/**
 * An uncompressed BigTIFF whose pixels are written in place, row by row, into a file that is encoded from
 * afterwards. libvips reads TIFF strip by strip; its own frame files it maps into memory as a whole.
 * Source: TIFF 6.0 and its 64-bit extension.
 */

export interface RawSize {
  /** Pixels. */
  width: number;
  height: number;
  bands: number;
  /** 16 bits a sample instead of 8. */
  deep: boolean;
}

const ROWS_PER_STRIP = 16;
const HEADER_BYTES = 16;
const ENTRY_BYTES = 20;
const SHORT = 3;
const LONG = 4;
const LONG8 = 16;

export const rawRowBytes = ({ width, bands, deep }: RawSize) => width * bands * (deep ? 2 : 1);

/** Where in the file the first row begins; the others follow without gaps. */
export function rawPixelsAt(size: RawSize): number {
  return directoryBytes(size) + 2 * 8 * stripsOf(size);
}

/** All of the file but its pixels. */
export function rawTiffHeader(size: RawSize): Buffer {
  const { width, height, bands, deep } = size;
  const strips = stripsOf(size);
  const offsetsAt = directoryBytes(size);
  const header = Buffer.alloc(rawPixelsAt(size));
  header.write('II');
  header.writeUInt16LE(43, 2);
  header.writeUInt16LE(8, 4);
  header.writeBigUInt64LE(BigInt(HEADER_BYTES), 8);
  const entries: [tag: number, type: number, count: number, value: bigint][] = [
    [256, LONG, 1, BigInt(width)],
    [257, LONG, 1, BigInt(height)],
    [258, SHORT, bands, repeated(deep ? 16 : 8, bands)],
    [259, SHORT, 1, 1n],
    [262, SHORT, 1, isGray(bands) ? 1n : 2n],
    [273, LONG8, strips, valueOrPlace(header, strips, offsetsAt, (strip) => stripAt(size, strip))],
    [277, SHORT, 1, BigInt(bands)],
    [278, LONG, 1, BigInt(ROWS_PER_STRIP)],
    [
      279,
      LONG8,
      strips,
      valueOrPlace(header, strips, offsetsAt + 8 * strips, (strip) => stripBytes(size, strip)),
    ],
    // Transparency that is not multiplied into the colours; without alpha, none follows.
    ...(hasAlpha(bands) ? [[338, SHORT, 1, 2n] as [number, number, number, bigint]] : []),
  ];
  header.writeBigUInt64LE(BigInt(entries.length), HEADER_BYTES);
  for (const [index, [tag, type, count, value]] of entries.entries()) {
    const at = HEADER_BYTES + 8 + index * ENTRY_BYTES;
    header.writeUInt16LE(tag, at);
    header.writeUInt16LE(type, at + 2);
    header.writeBigUInt64LE(BigInt(count), at + 4);
    header.writeBigUInt64LE(value, at + 12);
  }
  return header;
}

const stripsOf = ({ height }: RawSize) => Math.ceil(height / ROWS_PER_STRIP);
const stripAt = (size: RawSize, strip: number) =>
  rawPixelsAt(size) + strip * ROWS_PER_STRIP * rawRowBytes(size);

function stripBytes(size: RawSize, strip: number): number {
  return Math.min(ROWS_PER_STRIP, size.height - strip * ROWS_PER_STRIP) * rawRowBytes(size);
}

/** Bytes up to the lists of strips: header, directory with its count and the end of the chain. */
function directoryBytes({ bands }: RawSize): number {
  return HEADER_BYTES + 8 + (hasAlpha(bands) ? 10 : 9) * ENTRY_BYTES + 8;
}

/** Up to four 16-bit values in the eight bytes of an entry. */
function repeated(value: number, count: number): bigint {
  let all = 0n;
  for (let index = 0; index < count; index++) all |= BigInt(value) << BigInt(16 * index);
  return all;
}

/** One value stands in its entry; several stand at `place`, where this writes them. */
function valueOrPlace(
  header: Buffer,
  count: number,
  place: number,
  valueAt: (index: number) => number,
): bigint {
  if (count === 1) return BigInt(valueAt(0));
  for (let index = 0; index < count; index++)
    header.writeBigUInt64LE(BigInt(valueAt(index)), place + 8 * index);
  return BigInt(place);
}
