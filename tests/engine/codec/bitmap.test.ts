import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decode } from '../../../src/engine/codec/decode.ts';
import { frameLayout } from '../../../src/engine/codec/frame-layout.ts';
import { load } from '../../../src/engine/codec/load.ts';
import { probe } from '../../../src/engine/codec/probe.ts';
import { type Bitmap, bitmapFile, bitmapRows } from '../../support/bitmaps.ts';
import { photo, temporaryFolder } from '../../support/pictures.ts';

/** RGB of a file with these bytes, by the way that every picture takes. */
async function rgbOf(bytes: Buffer): Promise<number[]> {
  const folder = await temporaryFolder();
  const source = join(folder, 'photo.bmp');
  await writeFile(source, bytes);
  const decoded = await decode({ source, scratch: join(folder, 'frame') });
  expect(decoded).toMatchObject({ bands: 3, deep: false, notes: [] });
  expect(decoded.facts.alpha).toBe(false);
  const layout = frameLayout(decoded, 1);
  const buffer = new SharedArrayBuffer(layout.byteLength);
  await load({ pixels: decoded.pixels, buffer, layout, transparent: false });
  return [...new Uint8Array(buffer, layout.source, decoded.width * decoded.height * 3)];
}

describe('a BMP file of true colours', () => {
  const { data, width, height } = photo({ width: 37, height: 29 });
  const rgb = data as Uint8Array;

  it.each([24, 32] as const)('of %i bits gives its very pixels', async (bits) => {
    expect(
      await rgbOf(bitmapFile({ width, height, bits, pixels: bitmapRows(rgb, width, height, bits) })),
    ).toEqual([...rgb]);
  });

  it('may begin at the top', async () => {
    const pixels = Buffer.from([1, 2, 3, 4, 5, 6, 0, 0, 7, 8, 9, 10, 11, 12, 0, 0]);
    const bitmap = { width: 2, height: -2, bits: 24, pixels };
    expect(await rgbOf(bitmapFile(bitmap))).toEqual([3, 2, 1, 6, 5, 4, 9, 8, 7, 12, 11, 10]);
  });

  it('says its size in its header', async () => {
    const folder = await temporaryFolder();
    const source = join(folder, 'photo.bmp');
    await writeFile(
      source,
      bitmapFile({ width, height, bits: 24, pixels: bitmapRows(rgb, width, height, 24) }),
    );
    const seen = { format: 'bmp', width: 37, height: 29, alpha: false, deep: false, pages: 1 };
    expect(await probe(source)).toEqual(seen);
  });
});

const RED = [255, 0, 0] as const;
const SKY = [80, 160, 240] as const;
const palette = [[0, 0, 0], RED, SKY] as const;
/** Two rows of three: sky, red, black over red, red, sky. */
const PICTURE = [...SKY, ...RED, 0, 0, 0, ...RED, ...RED, ...SKY];
const size = { width: 3, height: 2, palette };

describe.each<[what: string, bitmap: Bitmap, rgb: number[]]>([
  ['8 bits', { ...size, bits: 8, pixels: Buffer.from([1, 1, 2, 0, 2, 1, 0, 0]) }, PICTURE],
  ['4 bits', { ...size, bits: 4, pixels: Buffer.from([0x11, 0x20, 0, 0, 0x21, 0, 0, 0]) }, PICTURE],
  [
    '1 bit, more than a byte of them',
    {
      width: 9,
      height: 1,
      bits: 1,
      palette: [RED, SKY],
      pixels: Buffer.from([0b10000000, 0b10000000, 0, 0]),
    },
    [...SKY, ...Array.from({ length: 7 }, () => RED).flat(), ...SKY],
  ],
  [
    'runs of 8 bits',
    { ...size, bits: 8, compression: 1, pixels: Buffer.from([2, 1, 1, 2, 0, 0, 0, 3, 2, 1, 0, 0, 0, 1]) },
    PICTURE,
  ],
  [
    'runs of 4 bits',
    { ...size, bits: 4, compression: 2, pixels: Buffer.from([2, 0x11, 1, 0x20, 0, 0, 3, 0x21, 0, 1]) },
    [...SKY, ...RED, ...SKY, ...RED, ...RED, ...SKY],
  ],
  [
    'runs that jump, and leave the rest black',
    { ...size, bits: 8, compression: 1, pixels: Buffer.from([0, 2, 1, 1, 1, 2, 0, 1]) },
    [0, 0, 0, ...SKY, 0, 0, 0, ...Array(9).fill(0)],
  ],
  [
    'runs longer than their row',
    { ...size, bits: 8, compression: 1, pixels: Buffer.from([9, 1, 0, 0, 9, 2, 0, 1]) },
    [...SKY, ...SKY, ...SKY, ...RED, ...RED, ...RED],
  ],
  [
    'a palette that is too short',
    { ...size, bits: 8, palette: [RED], pixels: Buffer.from([0, 1, 255, 0, 0, 0, 0, 0]) },
    [...RED, ...RED, ...RED, ...RED, ...Array(6).fill(0)],
  ],
  [
    '16 bits, five a colour',
    { width: 2, height: 1, bits: 16, pixels: Buffer.from([0x00, 0x7c, 0x1f, 0x02]) },
    [255, 0, 0, 0, 132, 255],
  ],
  [
    '16 bits, masks',
    {
      width: 2,
      height: 1,
      bits: 16,
      compression: 3,
      masks: [0xf800, 0x07e0, 0x1f],
      pixels: Buffer.from([0, 0xf8, 0xe0, 7]),
    },
    [255, 0, 0, 0, 255, 0],
  ],
  [
    '32 bits, masks up to the last bit',
    {
      width: 1,
      height: 1,
      bits: 32,
      compression: 3,
      masks: [0xff000000, 0xff0000, 0xff00],
      pixels: Buffer.from([9, 10, 20, 200]),
    },
    [200, 20, 10],
  ],
])('a BMP file of %s', (_what, bitmap, rgb) => {
  it('gives its very pixels', async () => {
    expect(await rgbOf(bitmapFile(bitmap))).toEqual(rgb);
  });
});

it('a BMP file as OS/2 wrote it gives its very pixels', async () => {
  const head = Buffer.alloc(26);
  head.write('BM', 'latin1');
  head.writeUInt32LE(26, 10);
  head.writeUInt32LE(12, 14);
  head.writeUInt16LE(1, 18);
  head.writeUInt16LE(2, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt16LE(24, 24);
  const pixels = Buffer.from([1, 2, 3, 0, 4, 5, 6, 0]);
  expect(await rgbOf(Buffer.concat([head, pixels]))).toEqual([6, 5, 4, 3, 2, 1]);
});

describe('a BMP file', () => {
  const { data, width, height } = photo({ width: 37, height: 29 });
  const good = bitmapFile({
    width,
    height,
    bits: 24,
    pixels: bitmapRows(data as Uint8Array, width, height, 24),
  });
  const written = (write: (bytes: Buffer) => unknown) => {
    const bytes = Buffer.from(good);
    write(bytes);
    return bytes;
  };
  const runs = { width: 3, height: 2, bits: 8, palette, compression: 1 };

  it.each<[what: string, bytes: Buffer]>([
    ['cut short', good.subarray(0, good.length / 2)],
    ['shorter than its header', good.subarray(0, 20)],
    ['that ends in its header', good.subarray(0, 52)],
    ['that claims to be huge', written((bytes) => bytes.writeInt32LE(60_000, 18))],
    ['of no width', written((bytes) => bytes.writeInt32LE(0, 18))],
    ['of seven bits', written((bytes) => bytes.writeUInt16LE(7, 28))],
    ['with an endless palette', written((bytes) => bytes.writeUInt32LE(0xffffffff, 46))],
    ['with an unknown header', written((bytes) => bytes.writeUInt32LE(66, 14))],
    ['of a compression that does not go with its bits', written((bytes) => bytes.writeUInt32LE(1, 30))],
    ['with pixels inside its header', written((bytes) => bytes.writeUInt32LE(10, 10))],
    ['whose runs end early', bitmapFile({ ...runs, pixels: Buffer.from([3, 1, 0, 0, 1]) })],
    ['whose colours end early', bitmapFile({ ...runs, pixels: Buffer.from([0, 200, 1, 1]) })],
    ['whose jump ends early', bitmapFile({ ...runs, pixels: Buffer.from([0, 2, 1]) })],
  ])('%s is refused, and nothing is left of it', async (_what, bytes) => {
    const folder = await temporaryFolder();
    const source = join(folder, 'photo.bmp');
    await writeFile(source, bytes);
    await expect(decode({ source, scratch: join(folder, 'frame') })).rejects.toMatchObject({
      code: 'decode-failed',
      message: expect.stringContaining(`${source}: cannot be read`),
      file: source,
    });
    expect(await readdir(folder)).toEqual(['photo.bmp']);
  });

  it('of more pixels than memory shall hold is refused, however few bytes it has', async () => {
    const folder = await temporaryFolder();
    const source = join(folder, 'photo.bmp');
    const pixels = Buffer.alloc(60_000);
    await writeFile(source, bitmapFile({ ...runs, width: 30_000, height: 30_000, pixels }));
    const words = expect.stringMatching(/too large\. BMP pictures of up to 268 megapixels can be opened\./);
    await expect(probe(source)).rejects.toMatchObject({ code: 'too-large', message: words, file: source });
  });
});
