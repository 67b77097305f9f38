import { open, readFile } from 'node:fs/promises';
import { decode } from 'bmp-ts';
import sharp, { type Sharp } from 'sharp';
import { EnlargerError } from '../../shared/errors.ts';

/** BMP, which libvips does not read as it is built for us: `bmp-ts` does. */

const HEADER_BYTES = 54;
/** Larger files than this are no photographs, and would be read into memory whole. */
const LARGEST_FILE = 1_000_000_000;
const LARGEST_PALETTE = 256;
/** Compressed pixels may be fewer bytes than pixels, but hardly fewer than this share. */
const BEST_COMPRESSION = 1 / 1000;

export interface BitmapHeader {
  width: number;
  height: number;
}

/** The header of a BMP file, or undefined for any other file. Throws `decode-failed` if it makes no sense. */
export async function readBitmapHeader(source: string): Promise<BitmapHeader | undefined> {
  const { header, bytesRead, size } = await readStart(source);
  if (bytesRead < 2 || header.toString('latin1', 0, 2) !== 'BM') return undefined;
  const width = header.readInt32LE(18);
  // A negative height says that the rows begin at the top.
  const height = Math.abs(header.readInt32LE(22));
  const bits = header.readUInt16LE(28);
  const bytes = (width * height * bits) / 8;
  const plausible =
    bytesRead === HEADER_BYTES &&
    width > 0 &&
    height > 0 &&
    [1, 4, 8, 16, 24, 32].includes(bits) &&
    header.readUInt32LE(46) <= LARGEST_PALETTE &&
    size <= LARGEST_FILE &&
    size >= bytes * (header.readUInt32LE(30) === 0 ? 1 : BEST_COMPRESSION);
  if (plausible) return { width, height };
  throw damaged(source, 'its header does not fit its size');
}

/** What cannot be opened is no BMP; what is wrong with it, whoever opens it next will say. */
async function readStart(source: string): Promise<{ header: Buffer; bytesRead: number; size: number }> {
  const header = Buffer.alloc(HEADER_BYTES);
  try {
    await using file = await open(source, 'r');
    const { bytesRead } = await file.read(header, 0, HEADER_BYTES, 0);
    return { header, bytesRead, size: (await file.stat()).size };
  } catch {
    return { header, bytesRead: 0, size: 0 };
  }
}

/** The pixels of a BMP file as an sRGB picture. Throws `decode-failed`, naming the file. */
export async function openBitmap(source: string): Promise<Sharp> {
  try {
    const { data, width, height } = decode(await readFile(source), { toRGBA: true });
    const raw = { width, height, channels: 4 as const };
    // What BMP keeps in the fourth byte is hardly ever transparency.
    return sharp(data as Buffer, { raw, limitInputPixels: false }).removeAlpha();
  } catch (error) {
    throw damaged(source, error instanceof Error ? error.message : String(error));
  }
}

function damaged(source: string, reason: string): EnlargerError {
  const advice = 'The file is damaged or cut short; try to get it again from where it came.';
  return new EnlargerError('decode-failed', `${source}: cannot be read (${reason}). ${advice}`, {
    file: source,
  });
}
