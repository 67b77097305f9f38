import { existsSync } from 'node:fs';
import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decode } from '../../../src/engine/codec/decode.ts';
import { decodeHeic } from '../../../src/engine/codec/heic/decode-heic.ts';
import { probe } from '../../../src/engine/codec/probe.ts';
import { EnlargerError } from '../../../src/shared/errors.ts';
import { chooseFormat } from '../../../src/shared/formats.ts';
import { temporaryFolder } from '../../support/pictures.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures/heic');
const IPHONE = join(import.meta.dirname, '../../../../shared/data/photos/iphone.heic');

const QUARTERS = [
  [220, 200, 60],
  [40, 200, 200],
  [220, 60, 200],
  [40, 60, 60],
];

/** A copy of a fixture in a folder of its own, changed by `change`. */
async function copyOf(name: string, change?: (bytes: Buffer) => Buffer) {
  const folder = await temporaryFolder();
  const file = join(folder, 'photo.heic');
  await copyFile(join(FIXTURES, name), file);
  if (change) await writeFile(file, change(await readFile(file)));
  return { folder, file };
}

async function decoded(name: string, change?: (bytes: Buffer) => Buffer) {
  const { folder, file } = await copyOf(name, change);
  const probed = await probe(file);
  const frame = await decode({ source: file, scratch: join(folder, 'frame') });
  expect((await readdir(folder)).sort()).toEqual(['frame.carrier.v', 'frame.v', 'photo.heic']);
  return { file, probed, frame, carried: await sharp(frame.carrier).metadata() };
}

/** The colours in the middle of the four quarters of a frame, as encoded, in reading order. */
async function quarters(pixels: string): Promise<number[][]> {
  const { data, info } = await sharp(pixels).keepIccProfile().raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) => [
    ...data.subarray((y * info.width + x) * info.channels, (y * info.width + x) * info.channels + 3),
  ];
  const [left, right] = [info.width >> 2, (3 * info.width) >> 2];
  const [top, bottom] = [info.height >> 2, (3 * info.height) >> 2];
  return [at(left, top), at(right, top), at(left, bottom), at(right, bottom)];
}

function distance(found: number[][], expected: number[][]): number {
  return Math.max(...found.flat().map((sample, index) => Math.abs(sample - (expected.flat()[index] ?? 999))));
}

/** Replaces the bytes that follow the first `mark`, which must be there. */
function after(mark: string, skip: number, ...bytes: number[]) {
  return (file: Buffer) => {
    const at = file.indexOf(mark, 0, 'latin1');
    expect(at).toBeGreaterThan(0);
    Buffer.from(bytes).copy(file, at + mark.length + skip);
    return file;
  };
}

describe('a HEIC file', () => {
  it('gives its pixels', async () => {
    const { probed, frame } = await decoded('coded.heic');
    expect(probed).toEqual({ format: 'heic', width: 128, height: 64, alpha: false, deep: false, pages: 1 });
    expect(frame).toMatchObject({ width: 128, height: 64, bands: 3, deep: false, resolution: [1, 1] });
    expect(frame.notes).toEqual([]);
    expect(distance(await quarters(frame.pixels), QUARTERS)).toBeLessThan(4);
  });

  it('comes upright once, with EXIF, XMP, profile and resolution', async () => {
    const { file, probed, frame, carried } = await decoded('turned.heic');
    expect(probed).toMatchObject({ width: 64, height: 128 });
    expect(frame).toMatchObject({ width: 64, height: 128, converted: false, notes: [] });
    expect(frame.facts).toMatchObject({ xmp: expect.anything(), orientation: 1 });
    expect(frame.facts.exif).not.toEqual([]);
    const source = await sharp(file).metadata();
    expect(carried.orientation ?? 1).toBe(1);
    expect(carried.icc?.equals(source.icc ?? Buffer.alloc(0))).toBe(true);
    expect(carried.xmp?.equals(source.xmp ?? Buffer.alloc(0))).toBe(true);
    expect(carried.exif?.includes('Enlarger')).toBe(true);
    expect(carried.density).toBe(300);
    const turned = [2, 0, 3, 1].map((quarter) => QUARTERS[quarter] ?? []);
    expect(distance(await quarters(frame.pixels), turned)).toBeLessThan(4);
  });

  it('keeps its transparency', async () => {
    const { probed, frame } = await decoded('alpha.heic');
    expect(probed.alpha).toBe(true);
    expect(frame).toMatchObject({ bands: 4, notes: [] });
    const { channels } = await sharp(frame.pixels).stats();
    expect(channels[3]?.mean).toBeCloseTo(128, -1);
  });

  it('keeps its ten bits, from black to white', async () => {
    const { probed, frame } = await decoded('deep.heic');
    expect(probed.deep).toBe(true);
    expect(frame).toMatchObject({ bands: 3, deep: true, facts: { bitsPerSample: 10 } });
    const { channels } = await sharp(frame.pixels).stats();
    expect(channels[0]?.min).toBeLessThan(600);
    expect(channels[0]?.max).toBeGreaterThan(65_000);
    const bytes = await sharp(frame.pixels).raw({ depth: 'ushort' }).toBuffer();
    const row = new Uint16Array(bytes.buffer, bytes.byteOffset, 3 * frame.width);
    expect(new Set(row.map((sample) => sample & 0xff)).size).toBeGreaterThan(10);
  });

  it('of several pictures gives the primary one, and says so', async () => {
    const { probed, frame } = await decoded('second.heic');
    expect(probed).toMatchObject({ width: 128, height: 64, pages: 2 });
    expect(frame.notes).toEqual(['Only the primary picture of this file was enlarged.']);
    expect(distance(await quarters(frame.pixels), QUARTERS)).toBeLessThan(4);
  });

  it('loses its depth map, and says so', async () => {
    // The number at the end of the name makes a depth map of what was alpha.
    const { probed, frame } = await decoded('alpha.heic', after('urn:mpeg:hevc:2015:auxid:', 0, 0x32));
    expect(probed.alpha).toBe(false);
    expect(frame).toMatchObject({ bands: 3 });
    expect(frame.notes).toEqual(['The depth or gain maps of this file were left out.']);
  });

  it('that says Display P3 by code gets a profile that says so', async () => {
    const { frame, carried } = await decoded('coded.heic', after('nclx', 0, 0, 12, 0, 13));
    expect(frame.notes).toEqual([expect.stringContaining('Display P3')]);
    expect(carried.icc?.includes('acsp')).toBe(true);
    // No pixel is converted for it.
    expect(distance(await quarters(frame.pixels), QUARTERS)).toBeLessThan(4);
  });

  it('with colours we have no profile for is enlarged, and that is said', async () => {
    const { frame, carried } = await decoded('coded.heic', after('nclx', 0, 0, 9, 0, 16));
    expect(frame.notes).toEqual([expect.stringContaining('CICP 9/16')]);
    expect(carried.icc).toBeUndefined();
  });

  it('becomes a JPEG, or what holds what a JPEG cannot', () => {
    const because = 'Enlarger does not write heic';
    const of = (alpha: boolean, deep: boolean) =>
      chooseFormat('keep', 'heic', { width: 800, height: 600 }, { alpha, deep });
    expect(of(false, false)).toEqual({ format: 'jpeg', because });
    expect(of(false, true)).toEqual({ format: 'tiff', because });
    expect(of(true, true)).toEqual({ format: 'tiff', because });
    expect(of(true, false)).toMatchObject({ format: 'png' });
  });

  it.skipIf(!existsSync(IPHONE))('from a telephone comes whole (needs ../shared/data)', async () => {
    const folder = await temporaryFolder();
    const frame = await decode({ source: IPHONE, scratch: join(folder, 'frame') });
    expect(frame).toMatchObject({ width: 4032, height: 3024, bands: 3, deep: false, notes: [] });
    expect(frame.facts).toMatchObject({ gps: true, orientation: 1 });
    const carried = await sharp(frame.carrier).metadata();
    expect(carried.icc).toEqual((await sharp(IPHONE).metadata()).icc);
    expect(carried.exif?.includes('iPhone 7')).toBe(true);
    const { channels } = await sharp(frame.pixels).stats();
    expect(channels.every(({ stdev }) => stdev > 30)).toBe(true);
  });
});

describe('a HEIC file that is not sound', () => {
  it.each<[what: string, code: string, change: (bytes: Buffer) => Buffer]>([
    ['cut short', 'decode-failed', (bytes) => bytes.subarray(0, bytes.length - 60)],
    ['without pixels', 'decode-failed', (bytes) => bytes.subarray(0, bytes.indexOf('mdat') + 4)],
    ['with damaged pixels', 'decode-failed', after('mdat', 4, ...Array.from({ length: 40 }, () => 0xa5))],
    ['that claims to be huge', 'too-large', after('ispe', 4, 0, 0, 0x40, 0, 0, 0, 0x40, 0)],
    ['that claims to be larger', 'decode-failed', after('ispe', 4, 0, 0, 4, 0, 0, 0, 4, 0)],
  ])('%s is refused by name, and nothing is left of it', async (_what, code, change) => {
    const { folder, file } = await copyOf('coded.heic', change);
    await expect(decode({ source: file, scratch: join(folder, 'frame') })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(`${file}: `),
      file,
    });
    expect(await readdir(folder)).toEqual(['photo.heic']);
  });

  it('ends in a typed error or a picture, whatever byte is wrong', async () => {
    const { folder, file } = await copyOf('turned.heic');
    const sound = await readFile(file);
    const outcomes = new Set<string>();
    for (let place = 7; place < sound.length; place += 61) {
      const bytes = Buffer.from(sound);
      bytes[place] = (bytes[place] ?? 0) ^ 0xff;
      await writeFile(file, bytes);
      const outcome = await decode({ source: file, scratch: join(folder, 'frame') }).catch((error) => error);
      if (outcome instanceof Error) expect(outcome).toMatchObject({ file });
      outcomes.add(outcome instanceof EnlargerError ? outcome.code : outcome.constructor.name);
    }
    const typed = ['Object', 'decode-failed', 'too-large', 'unsupported-format'];
    expect([...outcomes].filter((outcome) => !typed.includes(outcome))).toEqual([]);
    expect(outcomes.has('decode-failed')).toBe(true);
  }, 60_000);

  it('is given up after a while, and the next one is decoded', async () => {
    const { folder, file } = await copyOf('coded.heic');
    const metadata = await sharp(file).metadata();
    const scratch = { pixels: join(folder, 'frame.v'), carrier: join(folder, 'frame.carrier.v') };
    await expect(decodeHeic({ source: file, ...scratch, metadata, limit: 1 })).rejects.toMatchObject({
      code: 'decode-failed',
      message: expect.stringContaining(`${file}: cannot be read (not decoded within`),
      file,
    });
    await expect(decodeHeic({ source: file, ...scratch, metadata })).resolves.toMatchObject({ width: 128 });
  });
});
