import { open, rm, writeFile } from 'node:fs/promises';
import sharp, { type Metadata } from 'sharp';
import type { DecodedFrame } from '../decoded-frame.ts';
import { readExactly, writeExactly } from '../file-bytes.ts';
import { factsOf } from '../picture-facts.ts';
import { carrierOf, HEADER_BYTES, pixelBytes, readHeader, type VipsFrame } from '../vips-frame.ts';
import { colourProfile } from './colour-profile.ts';
import { heicHeader } from './heic-header.ts';
import { heicError } from './heic-refusal.ts';
import { decodeOnThread } from './heic-thread.ts';
import { metadataPng } from './metadata-png.ts';
import type { HeicPicture } from './primary-picture.ts';

interface HeicWork {
  source: string;
  /** The scratch files that are written: pixels and metadata. Whoever calls removes them. */
  pixels: string;
  carrier: string;
  /** What `openPicture(source).metadata()` says. */
  metadata: Metadata;
  /** Milliseconds after which decoding is given up. */
  limit?: number;
}

/** Far more than a slow machine needs (a fast one decodes twenty megapixels a second). */
const PATIENCE = 30_000;
const PATIENCE_PER_MEGAPIXEL = 1000;

/** Decodes the primary picture of a HEIC file as `decode` does those of other formats. */
export async function decodeHeic(work: HeicWork): Promise<DecodedFrame> {
  const { source, pixels, carrier } = work;
  const header = await heicHeader(source, work.metadata);
  const patience = PATIENCE + (PATIENCE_PER_MEGAPIXEL * header.width * header.height) / 1e6;
  const picture = await decodeOnThread(source, work.limit ?? patience);
  if (picture.width !== header.width || picture.height !== header.height) {
    // Memory was planned by the header.
    throw heicError(new Error('its pixels do not fill the size it states'), source);
  }
  const profile = header.icc ? {} : colourProfile(picture.colours);
  const frame = await writeFrame(pixels, picture, header, profile.attach);
  await using file = await open(pixels, 'r');
  await writeFile(carrier, await carrierOf(file, frame));
  const { width, height, bands, deep, resolution } = frame;
  return {
    ...{ width, height, bands, deep, resolution, pixels, carrier },
    facts: await factsOf(source, header),
    converted: false,
    notes: [...notesOn(picture), ...(profile.note ? [profile.note] : [])],
  };
}

function notesOn({ pictures, maps }: HeicPicture): string[] {
  const notes = [];
  if (pictures > 1) notes.push('Only the primary picture of this file was enlarged.');
  if (maps > 0) notes.push('The depth or gain maps of this file were left out.');
  return notes;
}

/** Writes `picture` as a libvips frame at `path`, with the metadata of `from` and the profile to `attach`. */
async function writeFrame(
  path: string,
  picture: HeicPicture,
  from: Metadata,
  attach: 'p3' | undefined,
): Promise<VipsFrame> {
  const { header, metadata } = await frameParts(`${path}.metadata`, picture, from, attach);
  await using file = await open(path, 'w+');
  const samples = new Uint8Array(picture.samples);
  await writeExactly(file, header, 0);
  await writeExactly(file, samples, HEADER_BYTES);
  await writeExactly(file, metadata, HEADER_BYTES + samples.length);
  return readHeader(file);
}

/** What a libvips frame of `picture` has before and after its pixels; made by libvips from a single one. */
async function frameParts(
  scratch: string,
  { width, height, bands, deep }: HeicPicture,
  { exif, xmp, icc }: Metadata,
  attach: 'p3' | undefined,
): Promise<{ header: Buffer; metadata: Buffer }> {
  const [opened, converted] = [`${scratch}.png`, `${scratch}.v`];
  try {
    await writeFile(opened, metadataPng({ exif, xmp, icc }));
    let pixel = sharp(opened, { failOn: 'none' }).autoOrient().keepMetadata();
    if (attach) pixel = pixel.withIccProfile(attach);
    if (bands === 4) pixel = pixel.ensureAlpha();
    await pixel.toColourspace(deep ? 'rgb16' : 'srgb').toFile(converted);
    await using file = await open(converted, 'r');
    const frame = await readHeader(file);
    const start = HEADER_BYTES + pixelBytes(frame);
    const metadata = Buffer.alloc((await file.stat()).size - start);
    await readExactly(file, metadata, start);
    const header = Buffer.from(frame.header);
    header.writeInt32LE(width, 4);
    header.writeInt32LE(height, 8);
    return { header, metadata };
  } finally {
    await Promise.all([rm(opened, { force: true }), rm(converted, { force: true })]);
  }
}
