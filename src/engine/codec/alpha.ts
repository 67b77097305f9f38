import { type FileHandle, open, rm } from 'node:fs/promises';
import sharp from 'sharp';
import { readExactly, writeExactly } from './file-bytes.ts';
import { alphaRows, type Rows } from './load.ts';
import { isOpaque, type SampleArray } from './planes.ts';
import { grayHeader, HEADER_BYTES, readHeader, type VipsFrame } from './vips-frame.ts';

/**
 * Enlarges the transparency of the decoded frame `pixels` on its own, into the scratch frame `alpha`; writes none and
 * resolves to false if nothing of it shows. Bicubic: soft edges stay soft, and nothing is invented.
 */
export async function enlargeAlpha({
  pixels,
  alpha,
  scale,
}: {
  pixels: string;
  alpha: string;
  scale: number;
}): Promise<boolean> {
  await using file = await open(pixels, 'r');
  const frame = await readHeader(file);
  if (!(await isTransparent(file, frame))) return false;
  const plane = `${alpha}.plane.v`;
  try {
    // Taken apart here and not by libvips, which would round it beside the colours.
    await writePlane(file, frame, plane);
    await sharp(plane, { limitInputPixels: false })
      .resize(frame.width * scale, frame.height * scale, { kernel: 'cubic', fit: 'fill' })
      .toColourspace(frame.deep ? 'grey16' : 'b-w')
      .toFile(alpha);
    return true;
  } finally {
    await rm(plane, { force: true });
  }
}

async function isTransparent(file: FileHandle, frame: VipsFrame): Promise<boolean> {
  for await (const rows of alphaRows(file, frame)) {
    if (!isOpaque(rows)) return true;
  }
  return false;
}

async function writePlane(from: FileHandle, frame: VipsFrame, plane: string): Promise<void> {
  await using to = await open(plane, 'wx');
  await writeExactly(to, grayHeader(frame), 0);
  let position = HEADER_BYTES;
  for await (const { buffer, byteOffset, byteLength } of alphaRows(from, frame)) {
    await writeExactly(to, new Uint8Array(buffer, byteOffset, byteLength), position);
    position += byteLength;
  }
}

/** Some rows of the enlarged transparency, one sample a pixel. `width`: pixels of the result. */
export async function readAlpha(
  alpha: string,
  { width, deep }: { width: number; deep: boolean },
  { top, rows }: Rows,
): Promise<SampleArray> {
  await using file = await open(alpha, 'r');
  const rowBytes = width * (deep ? 2 : 1);
  const bytes = new Uint8Array(rows * rowBytes);
  await readExactly(file, bytes, HEADER_BYTES + top * rowBytes);
  return deep ? new Uint16Array(bytes.buffer) : bytes;
}
