import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Sharp, type TiffOptions } from 'sharp';
import { describe, expect, it } from 'vitest';
import { decode } from '../../../src/engine/codec/decode.ts';
import { frameLayout } from '../../../src/engine/codec/frame-layout.ts';
import { load } from '../../../src/engine/codec/load.ts';
import { readEntries, readerOf, readTiffHeader } from '../../../src/engine/codec/metadata/ifd.ts';
import { preview } from '../../../src/engine/codec/preview.ts';
import { probe } from '../../../src/engine/codec/probe.ts';
import { ciede2000 } from '../../support/ciede2000.ts';
import { jobFor, readyEngine } from '../../support/engine.ts';
import { labUnderD50 } from '../../support/lab.ts';
import { cutShort, readPicture, temporaryFolder } from '../../support/pictures.ts';
import { channelOf } from '../../support/pixels.ts';
import { writeTiff } from '../../support/tiff.ts';

type Colour = readonly [lightness: number, a: number, b: number];

/** L*a*b* in steps, colours that sRGB does not have among them. L* is in 255ths of 100, as 8 bits store it. */
const COLOURS: Colour[] = [];
for (const lightness of [0, 1, 5, 17, 20, 21, 60, 128, 200, 254, 255]) {
  for (let a = -128; a < 128; a += 15) {
    for (let b = -128; b < 128; b += 15) COLOURS.push([lightness, a, b]);
  }
}
const SIZE = { width: 18, height: COLOURS.length / 18 };

/** How TIFF writes them. */
const RGB = 2;
const CIELAB = 8;
const ICCLAB = 9;
const WRITTEN = {
  cielab8: ([lightness, a, b]: Colour) => Uint8Array.of(lightness, a, b),
  cielab16: ([lightness, a, b]: Colour) => Uint16Array.of(257 * lightness, 256 * a, 256 * b),
  icclab8: ([lightness, a, b]: Colour) => Uint8Array.of(lightness, a + 128, b + 128),
  icclab16: ([lightness, a, b]: Colour) =>
    Uint16Array.of(Math.round((0xff00 * lightness) / 255), 256 * (a + 128), 256 * (b + 128)),
};
type Written = keyof typeof WRITTEN;

function bytesOf(written: Written, alpha?: number): Uint8Array {
  return Buffer.concat(
    COLOURS.map((colour) => {
      const samples = WRITTEN[written](colour);
      const extra = alpha === undefined ? [] : [alpha];
      return new Uint8Array(
        samples instanceof Uint8Array
          ? Uint8Array.of(...samples, ...extra)
          : Uint16Array.of(...samples, ...extra).buffer,
      );
    }),
  );
}

/** An uncompressed TIFF of `COLOURS`; `fields` replace or join its own. */
function writeLab(
  file: string,
  written: Written,
  fields: Record<number, number> = {},
  alpha?: number,
): Promise<string> {
  const pixels = bytesOf(written, alpha);
  const tags = {
    256: SIZE.width,
    257: SIZE.height,
    258: written.endsWith('16') ? 16 : 8,
    259: 1,
    262: written.startsWith('icc') ? ICCLAB : CIELAB,
    277: alpha === undefined ? 3 : 4,
    278: SIZE.height,
    279: pixels.length,
  };
  return writeTiff(file, { ...tags, ...fields }, pixels);
}

/** The same colours as they become of 16 bits, in levels of 8. */
async function expected(folder: string): Promise<Uint8Array> {
  const file = await writeLab(join(folder, 'expected.tif'), 'cielab16');
  const { rgb } = await decodedFrom(file);
  return Uint8Array.from(rgb, (sample) => Math.round(sample / 257));
}

async function decodedFrom(source: string) {
  const folder = await temporaryFolder();
  const decoded = await decode({ source, scratch: join(folder, 'frame') });
  expect((await readdir(folder)).sort()).toEqual(['frame.carrier.v', 'frame.v']);
  const layout = frameLayout(decoded, 1);
  const buffer = new SharedArrayBuffer(layout.byteLength);
  await load({ pixels: decoded.pixels, buffer, layout, transparent: false });
  const { width, height, deep } = decoded;
  const view = (offset: number, bands: number) =>
    deep
      ? new Uint16Array(buffer, offset, width * height * bands)
      : new Uint8Array(buffer, offset, width * height * bands);
  const alpha = layout.alpha === undefined ? undefined : view(layout.alpha, 1);
  return { decoded, rgb: view(layout.source, 3), alpha };
}

/** Largest difference between samples, those of 16 bits in 255ths. */
function off(rgb: Uint8Array | Uint16Array, wanted: Uint8Array): number {
  expect(rgb.length).toBe(wanted.length);
  const unit = rgb instanceof Uint16Array ? 257 : 1;
  return wanted.reduce((most, level, at) => Math.max(most, Math.abs((rgb[at] as number) / unit - level)), 0);
}

it('Lab of 16 bits is the colour under D50 that it says, wherever sRGB has it', async () => {
  const folder = await temporaryFolder();
  const { decoded, rgb } = await decodedFrom(await writeLab(join(folder, 'lab.tif'), 'cielab16'));
  expect(decoded).toMatchObject({ ...SIZE, bands: 3, deep: true, converted: true });
  let inside = 0;
  for (const [index, [lightness, a, b]] of COLOURS.entries()) {
    const levels = Array.from(rgb.subarray(3 * index, 3 * index + 3));
    if (levels.some((level) => level === 0 || level === 65_535)) continue;
    const [red, green, blue] = levels as [number, number, number];
    expect(ciede2000([lightness / 2.55, a, b], labUnderD50([red, green, blue]))).toBeLessThan(0.02);
    inside += 1;
  }
  expect(inside).toBeGreaterThan(150);
});

describe.each<[what: string, written: Written]>([
  ['Lab of 8 bits', 'cielab8'],
  ['Lab of 8 bits with an offset (ICCLab)', 'icclab8'],
  ['Lab of 16 bits with an offset (ICCLab)', 'icclab16'],
])('%s', (_what, written) => {
  it('is the sRGB that Lab of 16 bits is, and keeps its depth', async () => {
    const folder = await temporaryFolder();
    const source = await writeLab(join(folder, 'lab.tif'), written);
    const deep = written.endsWith('16');
    expect(await probe(source)).toEqual({ format: 'tiff', ...SIZE, alpha: false, deep, pages: 1 });
    const { decoded, rgb } = await decodedFrom(source);
    expect(decoded).toMatchObject({ ...SIZE, bands: 3, deep, converted: true });
    expect(decoded.notes).toEqual(['The colours were converted from Lab to sRGB.']);
    expect(off(rgb, await expected(folder))).toBeLessThanOrEqual(1);
  });

  it('keeps its transparency', async () => {
    const folder = await temporaryFolder();
    const level = written.endsWith('16') ? 40_000 : 200;
    const source = await writeLab(join(folder, 'lab.tif'), written, { 338: 2 }, level);
    expect(await probe(source)).toMatchObject({ alpha: true });
    const { rgb, alpha } = await decodedFrom(source);
    expect(new Set(alpha)).toEqual(new Set([level]));
    expect(off(rgb, await expected(folder))).toBeLessThanOrEqual(1);
  });
});

it('Lab of 16 bits with transparency keeps both', async () => {
  const folder = await temporaryFolder();
  const source = await writeLab(join(folder, 'lab.tif'), 'cielab16', { 338: 2 }, 40_000);
  const { decoded, rgb, alpha } = await decodedFrom(source);
  expect(decoded).toMatchObject({ bands: 4, deep: true, converted: true });
  expect(new Set(alpha)).toEqual(new Set([40_000]));
  expect(off(rgb, await expected(folder))).toBeLessThanOrEqual(1);
});

/** An RGB TIFF as libvips writes `picture`, with its samples declared to be Lab of 8 bits. */
async function writeLike(file: string, picture: Sharp, options: TiffOptions): Promise<string> {
  const bytes = await picture.tiff(options).toBuffer();
  await writeFile(file, await declared(bytes, CIELAB));
  return file;
}

async function toRgb(source: string, file: string): Promise<string> {
  await writeFile(file, await declared(await readFile(source), RGB));
  return file;
}

const picture = () => sharp(bytesOf('cielab8'), { raw: { ...SIZE, channels: 3 } });

/** `bytes`, a TIFF, with samples that are said to be of this photometric interpretation. */
async function declared(bytes: Buffer, photometric: number): Promise<Buffer> {
  const layout = readTiffHeader(bytes.subarray(0, 16));
  if (!layout) throw new Error('This is no TIFF.');
  const entries = await readEntries(readerOf(bytes), layout.first, layout);
  const index = entries.findIndex(({ tag }) => tag === 262);
  const [countBytes, entryBytes, valueAt] = layout.big ? [8, 20, 12] : [2, 12, 8];
  bytes.writeUInt16LE(photometric, layout.first + countBytes + index * entryBytes + valueAt);
  return bytes;
}

describe('Lab of 8 bits is read however it is stored', () => {
  it.each<[what: string, options: TiffOptions]>([
    ['LZW, with differences', { compression: 'lzw', predictor: 'horizontal' }],
    ['deflate, in tiles', { compression: 'deflate', tile: true, tileWidth: 32, tileHeight: 16 }],
    ['BigTIFF', { compression: 'none', bigtiff: true }],
  ])('%s', async (_what, options) => {
    const folder = await temporaryFolder();
    const source = await writeLike(join(folder, 'lab.tif'), picture(), options);
    expect(await probe(source)).toMatchObject({ format: 'tiff', ...SIZE });
    expect(off((await decodedFrom(source)).rgb, await expected(folder))).toBeLessThanOrEqual(1);
  });

  it('the other byte order', async () => {
    const folder = await temporaryFolder();
    const source = await writeLab(join(folder, 'lab.tif'), 'icclab16');
    const bytes = await readFile(source);
    bytes.write('MM\0*', 'latin1');
    const entries = bytes.readUInt16LE(8);
    const start = 10 + 12 * entries + 4;
    bytes.subarray(4, 8).swap32();
    bytes.subarray(8, 10).swap16();
    for (let at = 10; at < start - 4; at += 12) {
      bytes.subarray(at, at + 4).swap16();
      bytes.subarray(at + 4, at + 8).swap32();
      bytes.subarray(at + 8, at + 10).swap16();
    }
    bytes.subarray(start).swap16();
    await writeFile(source, bytes);
    expect(off((await decodedFrom(source)).rgb, await expected(folder))).toBeLessThanOrEqual(1);
  });

  it('turned', async () => {
    const folder = await temporaryFolder();
    const source = await writeLab(join(folder, 'lab.tif'), 'cielab8', { 274: 6 });
    const turned = { width: SIZE.height, height: SIZE.width };
    expect(await probe(source)).toMatchObject(turned);
    const { decoded, rgb } = await decodedFrom(source);
    expect(decoded).toMatchObject(turned);
    const raw = { ...SIZE, channels: 3 as const };
    const upright = await sharp(await expected(folder), { raw })
      .rotate(90)
      .raw()
      .toBuffer();
    expect(off(rgb, upright)).toBeLessThanOrEqual(1);
  });

  it('write-protected', async () => {
    const folder = await temporaryFolder();
    const source = await writeLab(join(folder, 'lab.tif'), 'cielab8');
    await chmod(source, 0o444);
    expect(off((await decodedFrom(source)).rgb, await expected(folder))).toBeLessThanOrEqual(1);
  });

  it('with a profile, which Lab does not need', async () => {
    const folder = await temporaryFolder();
    const plain = { compression: 'none' } as const;
    const source = await writeLike(join(folder, 'lab.tif'), picture().withIccProfile('p3'), plain);
    // Attaching a profile converts the samples; these are the ones that were written.
    const { data } = await readPicture(await toRgb(source, join(folder, 'rgb.tif')));
    const same = sharp(data, { raw: { ...SIZE, channels: 3 } });
    const bare = await decodedFrom(await writeLike(join(folder, 'bare.tif'), same, plain));
    const { decoded, rgb } = await decodedFrom(source);
    expect([bare.decoded.facts.profile, decoded.facts.profile]).toEqual([undefined, expect.any(String)]);
    expect(rgb).toEqual(bare.rgb);
  });
});

it('a preview of Lab shows its colours', async () => {
  const folder = await temporaryFolder();
  const patch = { 256: 16, 257: 16, 258: 8, 259: 1, 262: CIELAB, 277: 3, 278: 16, 279: 768 };
  const pixels = new Uint8Array(768).map((_, at) => [140, 40, -40][at % 3] as number);
  const source = await writeTiff(join(folder, 'lab.tif'), patch, pixels);
  const target = join(folder, 'preview.jpg');
  expect(await preview({ source, target, width: 8, height: 8 })).toMatchObject({ width: 8, height: 8 });
  const shown = await readPicture(target);
  const { rgb } = await decodedFrom(source);
  for (const channel of [0, 1, 2]) {
    expect(Math.abs((channelOf(shown, channel)[0] as number) - (rgb[channel] as number))).toBeLessThan(4);
  }
  expect((await readdir(folder)).sort()).toEqual(['lab.tif', 'preview.jpg']);
});

it('an enlarged Lab picture says that its colours were converted, and nothing of its depth', async () => {
  const { engine, folder } = await readyEngine();
  const job = jobFor(await writeLab(join(folder, 'lab.tif'), 'cielab8'), 'png');
  const { notes, fidelity } = await engine.enhance(job);
  expect(notes).toEqual(['The colours were converted from Lab to sRGB.']);
  expect(fidelity).toEqual([]);
  expect(await sharp(job.output.temporary).metadata()).toMatchObject({ space: 'srgb', depth: 'uchar' });
});

describe('what is not read of Lab is refused by name, by header and pixels alike', () => {
  it.each<[what: string, fields: Record<number, number>, words: RegExp]>([
    ['lightness alone', { 277: 1 }, /Lab pictures with lightness alone cannot be read\. Save it as RGB/],
    ['samples of 32 bits', { 258: 32 }, /Lab pictures with samples of an unusual kind cannot be read\. Save/],
    ['signed samples', { 339: 2 }, /Lab pictures with samples of an unusual kind cannot be read\. Save/],
    ['premultiplied colours', { 277: 4, 338: 1 }, /with colours multiplied by their transparency cannot/],
  ])('%s', async (_what, fields, words) => {
    const folder = await temporaryFolder();
    const source = await writeLab(join(folder, 'lab.tif'), 'cielab8', fields);
    const refused = { code: 'unsupported-format', message: expect.stringMatching(words), file: source };
    await expect(probe(source)).rejects.toMatchObject(refused);
    await expect(decode({ source, scratch: join(folder, 'frame') })).rejects.toMatchObject(refused);
    expect(await readdir(folder)).toEqual(['lab.tif']);
  });

  it('the Lab of fax machines, whose range the file chooses', async () => {
    const folder = await temporaryFolder();
    const source = await writeLab(join(folder, 'lab.tif'), 'cielab8', { 262: 10 });
    await expect(decode({ source, scratch: join(folder, 'frame') })).rejects.toMatchObject({
      code: 'unsupported-format',
      message: expect.stringMatching(/its samples are no colours that Enlarger knows\. Save it as RGB/),
    });
  });

  it('more pixels than can be opened', async () => {
    const folder = await temporaryFolder();
    const source = await writeLab(join(folder, 'lab.tif'), 'cielab8', { 256: 65_000, 257: 65_000 });
    await expect(probe(source)).rejects.toMatchObject({ code: 'too-large', file: source });
    await expect(decode({ source, scratch: join(folder, 'frame') })).rejects.toMatchObject({
      code: 'too-large',
    });
  });

  it('a file that is cut short, and nothing is left of it', async () => {
    const folder = await temporaryFolder();
    const source = await cutShort(await writeLab(join(folder, 'lab.tif'), 'cielab8'));
    await expect(decode({ source, scratch: join(folder, 'frame') })).rejects.toMatchObject({
      code: 'decode-failed',
      message: expect.stringMatching(/damaged or cut short/),
      file: source,
    });
    expect(await readdir(folder)).toEqual(['lab.tif']);
  });
});
