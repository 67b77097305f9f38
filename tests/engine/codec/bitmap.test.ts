import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encode } from 'bmp-ts';
import { describe, expect, it } from 'vitest';
import { decode, load } from '../../../src/engine/codec/decode.ts';
import { frameLayout } from '../../../src/engine/codec/frame-layout.ts';
import { probe } from '../../../src/engine/codec/probe.ts';
import { photo, temporaryFolder } from '../../support/pictures.ts';

/** A BMP of 37×29 pixels with `bitPP` bits a pixel, and the RGB that is in it. */
async function bitmap(bitPP: 24 | 32) {
  const folder = await temporaryFolder();
  const { data: rgb, width, height } = photo({ width: 37, height: 29 });
  const abgr = Buffer.alloc(width * height * 4);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      abgr[4 * pixel + 3 - channel] = rgb[3 * pixel + channel] as number;
    }
  }
  const file = join(folder, 'photo.bmp');
  const bytes = Buffer.from(encode({ data: abgr, width, height, bitPP }).data);
  await writeFile(file, bytes);
  return { folder, file, bytes, rgb };
}

function written(bytes: Buffer, write: () => unknown): Buffer {
  write();
  return bytes;
}

describe('a BMP file', () => {
  it.each([24, 32] as const)('of %i bits gives its very pixels', async (bits) => {
    const { folder, file, rgb } = await bitmap(bits);
    expect(await probe(file)).toEqual({
      format: 'bmp',
      width: 37,
      height: 29,
      alpha: false,
      deep: false,
      pages: 1,
    });
    const decoded = await decode({ source: file, scratch: join(folder, 'frame') });
    const layout = frameLayout(decoded, 1);
    const buffer = new SharedArrayBuffer(layout.byteLength);
    await load({ pixels: decoded.pixels, buffer, layout });
    expect(decoded).toMatchObject({ width: 37, height: 29, bands: 3, deep: false, notes: [] });
    expect(decoded.facts.alpha).toBe(false);
    expect(Buffer.from(new Uint8Array(buffer, layout.source, rgb.length)).equals(Buffer.from(rgb))).toBe(
      true,
    );
  });

  it.each<[what: string, spoil: (bytes: Buffer) => Buffer]>([
    ['cut short', (bytes) => bytes.subarray(0, bytes.length / 2)],
    ['shorter than its header', (bytes) => bytes.subarray(0, 20)],
    ['that claims to be huge', (bytes) => written(bytes, () => bytes.writeInt32LE(60_000, 18))],
    ['of no width', (bytes) => written(bytes, () => bytes.writeInt32LE(0, 18))],
    ['of seven bits', (bytes) => written(bytes, () => bytes.writeUInt16LE(7, 28))],
    ['with an endless palette', (bytes) => written(bytes, () => bytes.writeUInt32LE(0xffffffff, 46))],
    ['with an unknown header', (bytes) => written(bytes, () => bytes.writeUInt32LE(66, 14))],
  ])('%s is refused, and nothing is left of it', async (_what, spoil) => {
    const { folder, file, bytes } = await bitmap(24);
    await writeFile(file, spoil(Buffer.from(bytes)));
    await expect(decode({ source: file, scratch: join(folder, 'frame') })).rejects.toMatchObject({
      code: 'decode-failed',
      message: expect.stringContaining(`${file}: cannot be read`),
      file,
    });
    expect(await readdir(folder)).toEqual(['photo.bmp']);
  });
});
