import type { FileHandle } from 'node:fs/promises';
import { EnlargerError } from '../../shared/errors.ts';
import { readFields, withOversized, writeFields } from './metadata/carrier-fields.ts';

/**
 * libvips' own file layout (`.v`): a header of 64 bytes, the pixels without gaps, then the metadata as XML.
 * Decoding into it keeps every blob that libvips knows (EXIF, XMP, IPTC, ICC), which raw buffers lose.
 * Source: libvips/iofuncs/vips.c.
 */
export const HEADER_BYTES = 64;

const MAGIC_LITTLE_ENDIAN = 0xb6a6f208;
const UCHAR = 0;
const USHORT = 2;
/** Interpretations of one band. */
const B_W = 1;
const GREY16 = 26;

export interface VipsFrame {
  width: number;
  height: number;
  bands: number;
  /** 16 bits a sample instead of 8. */
  deep: boolean;
  /** Pixels a millimetre, horizontally and vertically. */
  resolution: [number, number];
  header: Buffer;
}

/** Reads the header of `file`. */
export async function readHeader(file: FileHandle): Promise<VipsFrame> {
  const header = Buffer.alloc(HEADER_BYTES);
  const { bytesRead } = await file.read(header, 0, HEADER_BYTES, 0);
  const format = header.readInt32LE(20);
  if (bytesRead < HEADER_BYTES || header.readUInt32BE(0) !== MAGIC_LITTLE_ENDIAN) {
    throw new EnlargerError('internal', 'The scratch frame has no header.');
  }
  if (format !== UCHAR && format !== USHORT) {
    throw new EnlargerError('unsupported-format', 'Only pictures of 8 or 16 bits a sample can be enlarged.');
  }
  return {
    width: header.readInt32LE(4),
    height: header.readInt32LE(8),
    bands: header.readInt32LE(12),
    deep: format === USHORT,
    resolution: [header.readFloatLE(32), header.readFloatLE(36)],
    header,
  };
}

export function sampleBytes({ deep }: { deep: boolean }): number {
  return deep ? 2 : 1;
}

/** Bytes of all pixels, rows without gaps. */
export function pixelBytes(frame: { width: number; height: number; bands: number; deep: boolean }): number {
  return frame.width * frame.height * frame.bands * sampleBytes(frame);
}

/**
 * A frame of one black pixel that carries all the metadata of `frame`. Encoding starts from it: enlarged
 * by repeating its pixel and joined with the result's samples by a bitwise or, it lends them its metadata.
 * What is larger than any that programs write is left out.
 */
export async function carrierOf(file: FileHandle, frame: VipsFrame): Promise<Buffer> {
  const end = HEADER_BYTES + pixelBytes(frame);
  const metadata = writeFields(withOversized(await readFields(file, end)));
  return Buffer.concat([
    resizedHeader(frame.header, 1, 1),
    Buffer.alloc(frame.bands * sampleBytes(frame)),
    metadata,
  ]);
}

/** `header`, but for a frame of `width`×`height` pixels. */
export function resizedHeader(header: Buffer, width: number, height: number): Buffer {
  const resized = Buffer.from(header);
  resized.writeInt32LE(width, 4);
  resized.writeInt32LE(height, 8);
  return resized;
}

/** The header of a frame of the same size with a single gray band. */
export function grayHeader({ header, deep }: VipsFrame): Buffer {
  const gray = Buffer.from(header);
  gray.writeInt32LE(1, 12);
  gray.writeInt32LE(deep ? GREY16 : B_W, 28);
  return gray;
}
