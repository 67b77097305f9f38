import { constants } from 'node:fs';
import { chmod, copyFile, open } from 'node:fs/promises';
import type { Sharp } from 'sharp';
import { readExactly, writeExactly } from '../file-bytes.ts';
import { openSamples } from '../libvips.ts';
import { writeNumber } from '../metadata/ifd.ts';
import { expectRoom } from '../scratch-room.ts';
import { HEADER_BYTES, pixelBytes, readHeader, sampleBytes } from '../vips-frame.ts';
import { type LabEncoding, labToSrgb } from './lab-encoding.ts';
import type { LabHeader } from './lab-header.ts';

const SHORT = 3;
const RGB = 2;
/** Pixels that are converted at once. */
const CHUNK_PIXELS = 256 * 1024;

/**
 * Opens a Lab TIFF so that libvips hands out its L*, a*, b* as if they were R, G, B. It reads a copy, `scratch`, that
 * calls them so: every compression and layout is read, and memory holds no more than of any TIFF. Whoever calls removes
 * the copy. Throws `disk-full`, naming `source`, where there is no room for the copy and what is decoded from it.
 */
export async function openLab(source: string, scratch: string, header: LabHeader): Promise<Sharp> {
  await expectRoom(scratch, header.size + pixelBytes(header), source);
  await copyFile(source, scratch, constants.COPYFILE_FICLONE);
  // The copy of a file that is write-protected would be, too.
  await chmod(scratch, 0o600);
  await using copy = await open(scratch, 'r+');
  const { littleEndian, big } = header.layout;
  const field = big ? 8 : 4;
  for (const at of header.photometricAt) {
    const entry = Buffer.alloc(2 + field + field);
    writeNumber(entry, SHORT, 0, 2, littleEndian);
    writeNumber(entry, 1, 2, field, littleEndian);
    writeNumber(entry, RGB, 2 + field, 2, littleEndian);
    await writeExactly(copy, entry, at + 2);
  }
  return openSamples(scratch);
}

/** Turns the L*, a*, b* of the decoded frame at `pixels` into sRGB, in place. */
export async function convertFrame(pixels: string, encoding: LabEncoding): Promise<void> {
  await using file = await open(pixels, 'r+');
  const frame = await readHeader(file);
  const end = HEADER_BYTES + pixelBytes(frame);
  const step = CHUNK_PIXELS * frame.bands * sampleBytes(frame);
  const chunk = new ArrayBuffer(step);
  for (let at = HEADER_BYTES; at < end; at += step) {
    const bytes = new Uint8Array(chunk, 0, Math.min(step, end - at));
    await readExactly(file, bytes, at);
    labToSrgb(frame.deep ? new Uint16Array(chunk, 0, bytes.length / 2) : bytes, frame.bands, encoding);
    await writeExactly(file, bytes, at);
  }
}
