import { open, readFile } from 'node:fs/promises';
import sharp, { type Sharp } from 'sharp';
import { EnlargerError } from '../../shared/errors.ts';
import { type BitmapLayout, bitmapPixels } from './bitmap-pixels.ts';
import { damaged, LARGEST_HELD } from './libvips.ts';

/**
 * BMP, which libvips does not read as it is built for us. Source: Windows GDI, "Bitmap Storage"
 * (BITMAPCOREHEADER to BITMAPV5HEADER).
 */

/** All headers are alike up to here; what comes after is colour management. */
const HEADER_BYTES = 70;
/** Larger files than this are no photographs, and would be read into memory whole. */
const LARGEST_FILE = 1_000_000_000;
const LARGEST_PALETTE = 256;
/** A run of the same colour takes two bytes and reaches 255 pixels; a jump takes four and reaches 65,025. */
const BEST_COMPRESSION = 1 / 20_000;

const OS2_HEADER = 12;
const HEADERS = new Set([OS2_HEADER, 40, 52, 56, 64, 108, 124]);
const PLAIN = 0;
const MASKED = new Set([3, 6]);
const DEPTHS: Record<number, readonly number[]> = {
  [PLAIN]: [1, 4, 8, 16, 24, 32],
  1: [8],
  2: [4],
  3: [16, 32],
  6: [16, 32],
};

export interface BitmapHeader {
  width: number;
  height: number;
}

/** The header of a BMP file, or undefined for any other file. Throws `decode-failed` if it makes no sense. */
export async function readBitmapHeader(source: string): Promise<BitmapHeader | undefined> {
  const { header, size } = await readStart(source);
  if (header.toString('latin1', 0, 2) !== 'BM') return undefined;
  const { width, height } = layoutOf(header, size, source);
  return { width, height };
}

/** What cannot be opened is no BMP; what is wrong with it, whoever opens it next will say. */
async function readStart(source: string): Promise<{ header: Buffer; size: number }> {
  const header = Buffer.alloc(HEADER_BYTES);
  try {
    await using file = await open(source, 'r');
    const { bytesRead } = await file.read(header, 0, HEADER_BYTES, 0);
    return { header: header.subarray(0, bytesRead), size: (await file.stat()).size };
  } catch {
    return { header: Buffer.alloc(0), size: 0 };
  }
}

/** Where everything lies in a BMP of `size` bytes that begins with `header`. */
function layoutOf(header: Buffer, size: number, source: string): BitmapLayout {
  if (header.length < Math.min(HEADER_BYTES, size) || size < 26) throw misfit(source);
  const headerSize = header.readUInt32LE(14);
  const old = headerSize === OS2_HEADER;
  if (!HEADERS.has(headerSize)) throw damaged(source, `it has an unknown header of ${headerSize} bytes`);
  if (14 + headerSize > size) throw misfit(source);
  const width = old ? header.readUInt16LE(18) : header.readInt32LE(18);
  const signed = old ? header.readUInt16LE(20) : header.readInt32LE(22);
  const bits = header.readUInt16LE(old ? 24 : 28);
  const compression = old ? PLAIN : header.readUInt32LE(30);
  const colours = old ? 0 : header.readUInt32LE(46);
  const height = Math.abs(signed);
  const masks = MASKED.has(compression) ? (compression === 6 ? 16 : 12) : 0;
  if (masks > 0 && header.length < HEADER_BYTES) throw misfit(source);
  // Newer headers hold the masks; behind the oldest that knows them they follow it.
  const palette = 14 + headerSize + (headerSize === 40 ? masks : 0);
  const layout: BitmapLayout = {
    width,
    height,
    // A negative height says that the rows begin at the top.
    topDown: signed < 0,
    bits,
    compressed: compression === 1 || compression === 2,
    masks: masks > 0 ? [54, 58, 62].map((at) => header.readUInt32LE(at)) : undefined,
    palette,
    colours: bits > 8 ? 0 : colours || 2 ** bits,
    entryBytes: old ? 3 : 4,
    pixels: header.readUInt32LE(10),
  };
  const bytes = Math.ceil((width * bits) / 32) * 4 * height;
  const plausible =
    width > 0 &&
    height > 0 &&
    DEPTHS[compression]?.includes(bits) === true &&
    colours <= LARGEST_PALETTE &&
    layout.pixels >= palette &&
    size <= LARGEST_FILE &&
    size >= (layout.compressed ? bytes * BEST_COMPRESSION : layout.pixels + bytes - 3);
  if (!plausible) throw misfit(source);
  if (width * height > LARGEST_HELD) throw tooLarge(source);
  return layout;
}

/** The pixels of a BMP file as an sRGB picture. Throws `decode-failed`, naming the file. */
export async function openBitmap(source: string): Promise<Sharp> {
  const bytes = await readFile(source);
  const layout = layoutOf(bytes.subarray(0, HEADER_BYTES), bytes.length, source);
  const rgb = bitmapPixels(bytes, layout);
  if (!rgb) throw damaged(source, 'its pixels end too early');
  const raw = { width: layout.width, height: layout.height, channels: 3 as const };
  return sharp(rgb, { raw, limitInputPixels: false });
}

const misfit = (source: string) => damaged(source, 'its header does not fit its size');

function tooLarge(source: string): EnlargerError {
  const limit = `BMP pictures of up to ${Math.floor(LARGEST_HELD / 1e6)} megapixels can be opened.`;
  return new EnlargerError('too-large', `${source}: too large. ${limit} Save it as TIFF and add that.`, {
    file: source,
  });
}
