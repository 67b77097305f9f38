import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { canBeDeep, OUTPUT_FORMATS } from '../../src/shared/formats.ts';
import { ciede2000, type Lab } from '../support/ciede2000.ts';
import { jobFor, readyEngine } from '../support/engine.ts';
import { labOf, labUnderD50 } from '../support/lab.ts';
import { type RawPicture, readPicture, writePicture } from '../support/pictures.ts';
import { channelOf } from '../support/pixels.ts';
import { writeTiff } from '../support/tiff.ts';

const SIZE = { width: 24, height: 16 };
const PIXELS = SIZE.width * SIZE.height;
const CMYK = 5;
const CIELAB = 8;

/** An uncompressed TIFF of one colour, its samples as they are given. */
function writePatch(file: string, photometric: number, samples: Uint8Array | Uint16Array): Promise<string> {
  const pixel = new Uint8Array(samples.buffer);
  const bytes = new Uint8Array(PIXELS * pixel.length).map(
    (_, index) => pixel[index % pixel.length] as number,
  );
  const bits = 8 * samples.BYTES_PER_ELEMENT;
  const tags = { 256: SIZE.width, 257: SIZE.height, 258: bits, 259: 1, 262: photometric };
  return writeTiff(file, { ...tags, 277: samples.length, 278: SIZE.height, 279: bytes.length }, bytes);
}

/** The one colour of `picture`; throws where there is more than one. */
function flatColour(picture: RawPicture): number[] {
  return Array.from({ length: picture.channels }, (_, channel) => {
    const levels = [...new Set(channelOf(picture, channel))];
    if (levels.length > 1)
      throw new Error(`The patch has levels ${levels.join(', ')} in channel ${channel}.`);
    return levels[0] as number;
  });
}

/** L*a*b* of sRGB in levels of eight bits. */
function labOfLevels(levels: readonly number[]): Lab {
  const [red, green, blue] = levels.map((level) => 257 * level) as [number, number, number];
  return labOf(red, green, blue);
}

describe('CMYK', () => {
  // The sRGB figures are those of Little CMS' own transicc, perceptual intent, from libvips' built-in profile:
  // another way to the same colours. In dark inks the two ways part by a little more.
  it.each([
    { inks: [0, 0, 0, 0], srgb: [255, 255, 255], within: 0.1 },
    { inks: [0, 81, 100, 49], srgb: [202.4, 146.6, 122.1], within: 1 },
    { inks: [128, 64, 64, 0], srgb: [122.2, 151.4, 164.5], within: 1 },
    { inks: [187, 154, 0, 80], srgb: [61.9, 73.2, 122.4], within: 1 },
    { inks: [152, 0, 189, 165], srgb: [46.4, 82.2, 50.3], within: 3 },
  ])('inks $inks without a profile are sRGB $srgb', async ({ inks, srgb, within }) => {
    const { engine, folder } = await readyEngine();
    const job = jobFor(await writePatch(join(folder, 'inks.tif'), CMYK, Uint8Array.from(inks)), 'png');
    const { notes } = await engine.enhance(job);
    const colour = flatColour(await readPicture(job.output.temporary));
    expect(ciede2000(labOfLevels(srgb), labOfLevels(colour))).toBeLessThan(within);
    expect(notes).toEqual(['The colours were converted from CMYK to sRGB.']);
  });

  it('with a profile becomes sRGB, and the result says so', async () => {
    const { engine, folder } = await readyEngine();
    const job = jobFor(await writePicture(join(folder, 'print.jpg'), { cmyk: true }), 'jpeg');
    const { fidelity } = await engine.enhance(job);
    const changed = { what: 'profile', became: 'changed', why: 'the colours were converted to sRGB' };
    expect(fidelity).toContainEqual(changed);
    expect(await sharp(job.output.temporary).metadata()).toMatchObject({ space: 'srgb', channels: 3 });
  });
});

describe('Lab of 16 bits', () => {
  it.each<Lab>([
    [50, 0, 0],
    [53.33, 30, -40],
    [70, -30, 40],
  ])('L* %d, a* %d, b* %d is that colour in sRGB of 16 bits, and the result says so', async (...lab) => {
    const { engine, folder } = await readyEngine();
    const [lightness, a, b] = lab;
    const samples = Uint16Array.of(Math.round(655.35 * lightness), 256 * a, 256 * b);
    const job = jobFor(await writePatch(join(folder, 'lab.tif'), CIELAB, samples), 'png');
    const { notes, fidelity } = await engine.enhance(job);
    const [red, green, blue] = flatColour(await readPicture(job.output.temporary));
    const colour = [red, green, blue] as [number, number, number];
    expect(ciede2000(lab, labUnderD50(colour))).toBeLessThan(0.1);
    expect(notes).toEqual(['The colours were converted from Lab to sRGB.']);
    expect(fidelity).toEqual([{ what: 'depth', became: 'kept' }]);
  });
});

it.each(OUTPUT_FORMATS)('Display P3 keeps its numbers and its profile in %s', async (format) => {
  const { engine, folder } = await readyEngine();
  const source = join(folder, 'patch.png');
  const inSrgb = { r: 210, g: 60, b: 40 };
  const patch = sharp({ create: { ...SIZE, channels: 3, background: inSrgb } });
  await patch.withIccProfile('p3').png().toFile(source);
  const job = jobFor(source, format);
  job.output.quality = 100;
  const { fidelity } = await engine.enhance(job);
  const stored = flatColour(await readPicture(source));
  expect(stored).not.toEqual(Object.values(inSrgb));
  expect(flatColour(await readPicture(job.output.temporary))).toEqual(stored);
  const [before, after] = [await sharp(source).metadata(), await sharp(job.output.temporary).metadata()];
  expect(after.icc).toEqual(before.icc);
  expect(fidelity).toContainEqual({ what: 'profile', became: 'kept' });
});

describe('gray', () => {
  const GRAY_FORMATS = ['jpeg', 'png', 'tiff'] as const;

  it.each(GRAY_FORMATS)('stays one channel in %s, 16 bits where the format has them', async (format) => {
    const { engine, folder } = await readyEngine();
    for (const deep of [false, true]) {
      const job = jobFor(await writePicture(join(folder, 'gray.png'), { bands: 1, deep }), format);
      const { fidelity } = await engine.enhance(job);
      const { channels, depth } = await sharp(job.output.temporary).metadata();
      expect([channels, depth]).toEqual([1, deep && canBeDeep(format) ? 'ushort' : 'uchar']);
      expect(fidelity).toContainEqual({ what: 'gray', became: 'kept' });
    }
  });

  it.each(['webp', 'avif'] as const)(
    'becomes three channels without a tint in %s, and is told',
    async (format) => {
      const { engine, folder } = await readyEngine();
      const job = jobFor(await writePicture(join(folder, 'gray.png'), { bands: 1 }), format);
      const { fidelity } = await engine.enhance(job);
      const { data } = await readPicture(job.output.temporary);
      let tint = 0;
      for (const [at, sample] of data.entries()) {
        tint = Math.max(tint, Math.abs(sample - (data[at - (at % 3)] as number)));
      }
      // The conversion to YUV and back rounds.
      expect(tint).toBeLessThanOrEqual(1);
      expect(fidelity).toContainEqual({ what: 'gray', became: 'dropped', why: expect.any(String) });
    },
  );
});
