import { type FileHandle, open, rm, writeFile } from 'node:fs/promises';
import type { Metadata } from 'sharp';
import { EnlargerError } from '../../shared/errors.ts';
import { openBitmap, readBitmapHeader } from './bitmap.ts';
import type { FrameLayout } from './frame-layout.ts';
import { decodeError, openPicture } from './libvips.ts';
import { factsOf, type PictureFacts } from './picture-facts.ts';
import { hasAlpha, isOpaque, type SampleArray, split } from './planes.ts';
import { isDeep, probeOf } from './probe.ts';
import { extendColours } from './transparency.ts';
import {
  carrierOf,
  HEADER_BYTES,
  pixelBytes,
  readHeader,
  sampleBytes,
  type VipsFrame,
} from './vips-frame.ts';

export interface DecodedFrame {
  width: number;
  height: number;
  /** 1 gray, 2 gray + alpha, 3 RGB, 4 RGB + alpha. */
  bands: number;
  deep: boolean;
  /** Pixels a millimetre. */
  resolution: [number, number];
  /** Scratch file with the pixels; `load` removes it. */
  pixels: string;
  /** Scratch file with the metadata, for `encode`. */
  carrier: string;
  /** What the source says of itself. */
  facts: PictureFacts;
  /** The colours had to change their space (CMYK, Lab). */
  converted: boolean;
  notes: string[];
}

/**
 * Decodes `source` upright into scratch files beginning with `scratch`, with its metadata, in its own
 * encoded colours: the profile stays attached and no pixel is converted (CMYK and Lab aside, which become
 * sRGB). Throws typed errors that name `source`.
 */
export async function decode({
  source,
  scratch,
}: {
  source: string;
  scratch: string;
}): Promise<DecodedFrame> {
  const pixels = `${scratch}.v`;
  const carrier = `${scratch}.carrier.v`;
  const notes: string[] = [];
  try {
    const bitmap = await readBitmapHeader(source);
    const picture = bitmap ? await openBitmap(source) : openPicture(source);
    const metadata = await picture.metadata();
    // Four samples a pixel are how the pixels of a BMP come, not what it holds.
    if (bitmap) metadata.hasAlpha = false;
    if (!bitmap && probeOf(metadata, source).pages > 1) {
      notes.push('Only the first picture of this file was enlarged.');
    }
    const converted = isConverted(metadata);
    if (converted) notes.push(`The colours were converted from ${metadata.space.toUpperCase()} to sRGB.`);
    const upright = picture.clone().autoOrient();
    // Without the profile kept, libvips converts through it.
    const working = converted
      ? upright.keepExif().keepXmp().toColourspace('srgb')
      : upright.keepMetadata().toColourspace(workingSpace(metadata));
    await working.toFile(pixels);
    await using file = await open(pixels, 'r');
    const frame = await readHeader(file);
    if (frame.bands > 4) {
      throw new EnlargerError(
        'unsupported-format',
        `${source}: ${frame.bands} channels; at most 4 can be read.`,
        {
          file: source,
        },
      );
    }
    await writeFile(carrier, await carrierOf(file, frame));
    const { width, height, bands, deep, resolution } = frame;
    const facts = factsOf(metadata);
    return { width, height, bands, deep, resolution, pixels, carrier, facts, converted, notes };
  } catch (error) {
    await Promise.all([rm(pixels, { force: true }), rm(carrier, { force: true })]);
    throw decodeError(error, source);
  }
}

const isConverted = ({ space }: Metadata) => space === 'cmyk' || space === 'lab' || space === 'labs';

function workingSpace(metadata: Metadata): string {
  const gray = metadata.space === 'b-w' || metadata.space === 'grey16';
  if (isDeep(metadata)) return gray ? 'grey16' : 'rgb16';
  return gray ? 'b-w' : 'srgb';
}

/** Rows are read in pieces of this many bytes where they have to be taken apart. */
const CHUNK_BYTES = 4 * 1024 * 1024;

/**
 * Reads a decoded frame into its place in `buffer` and removes its scratch file. Resolves to whether it has
 * transparency that shows, and the bytes that were copied beyond the reading itself.
 */
export async function load({
  pixels,
  buffer,
  layout,
}: {
  pixels: string;
  buffer: SharedArrayBuffer;
  layout: FrameLayout;
}): Promise<{ transparent: boolean; copied: number }> {
  await using file = await open(pixels, 'r');
  const frame = await readHeader(file);
  const rgb = samples(buffer, layout.source, 3, frame);
  let copied = 0;
  let transparent = false;
  if (frame.bands === 3) {
    await readInto(file, new Uint8Array(buffer, layout.source, pixelBytes(frame)), HEADER_BYTES);
  } else {
    const alpha = hasAlpha(frame.bands) ? samples(buffer, layout.alpha as number, 1, frame) : undefined;
    copied = await readApart(file, frame, rgb, alpha);
    transparent = alpha !== undefined && !isOpaque(alpha);
    if (alpha && transparent) extendColours(rgb, alpha, frame.width, frame.height);
  }
  await rm(pixels);
  return { transparent, copied };
}

function samples(
  buffer: SharedArrayBuffer,
  offset: number,
  bands: number,
  frame: { width: number; height: number; deep: boolean },
): SampleArray {
  const length = frame.width * frame.height * bands;
  return frame.deep ? new Uint16Array(buffer, offset, length) : new Uint8Array(buffer, offset, length);
}

async function readApart(
  file: FileHandle,
  frame: VipsFrame,
  rgb: SampleArray,
  alpha: SampleArray | undefined,
): Promise<number> {
  const rowBytes = frame.width * frame.bands * sampleBytes(frame);
  const rows = Math.max(1, Math.floor(CHUNK_BYTES / rowBytes));
  const chunk = new ArrayBuffer(rows * rowBytes);
  for (let row = 0; row < frame.height; row += rows) {
    const count = Math.min(rows, frame.height - row);
    await readInto(file, new Uint8Array(chunk, 0, count * rowBytes), HEADER_BYTES + row * rowBytes);
    const from = row * frame.width;
    const part = count * frame.width;
    split(
      frame.deep
        ? new Uint16Array(chunk, 0, part * frame.bands)
        : new Uint8Array(chunk, 0, part * frame.bands),
      frame.bands,
      part,
      rgb.subarray(3 * from, 3 * (from + part)),
      alpha?.subarray(from, from + part),
    );
  }
  return pixelBytes(frame);
}

async function readInto(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, position + done);
    if (bytesRead === 0) throw new EnlargerError('internal', 'The scratch frame ended early.');
    done += bytesRead;
  }
}
