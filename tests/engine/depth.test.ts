import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { modelsFolder } from '../../src/main/installation.ts';
import { ModelRegistry } from '../../src/main/models/model-registry.ts';
import { resolvePlan } from '../../src/main/models/resolve-plan.ts';
import type { OutputFormat } from '../../src/shared/formats.ts';
import type { VariantId } from '../../src/shared/models.ts';
import { jobFor, loadSessions, startEngine } from '../support/engine.ts';
import { type RawPicture, readPicture, temporaryFolder } from '../support/pictures.ts';
import { channelOf } from '../support/pixels.ts';

/** Pixels of the ramps of 16 bits. */
const WIDTH = 5000;
const MOST = 65_535;
/** Levels of sixteen bits in one of eight, and in one of ten. */
const EIGHT_BIT_LEVEL = 257;
const TEN_BIT_LEVEL = 64;

/** A position from 0 to 1 to a value from 0 to 1. */
type Ramp = (position: number) => number;
const UP: Ramp = (position) => position;
const DOWN: Ramp = (position) => 1 - position;
const HALF: Ramp = (position) => 0.25 + position / 2;
const GRAY = [UP];
const EQUAL = [UP, UP, UP];
const COLOURS = [UP, DOWN, HALF];

/** From left to right, each channel by its own ramp. */
function ramp(width: number, height: number, channels: readonly Ramp[]): RawPicture {
  const data = new Uint16Array(width * height * channels.length).map((_, index) => {
    const position = (Math.floor(index / channels.length) % width) / (width - 1);
    return Math.round(MOST * (channels[index % channels.length] as Ramp)(position));
  });
  return { data, width, height, channels: channels.length as 1 | 3 };
}

/** Enlarges ramps, one after the other, each in its format. */
async function enlarger(id: string, variant: VariantId) {
  const plan = resolvePlan((await ModelRegistry.read(modelsFolder())).get(id), { variant, threads: 1 });
  const folder = await temporaryFolder();
  const { engine } = await startEngine(folder);
  await loadSessions(engine, plan);
  return async (
    { data, width, height, channels }: RawPicture,
    format: OutputFormat,
    { out = format, quality }: { out?: OutputFormat; quality?: number } = {},
  ) => {
    const source = join(folder, `ramp.${format}`);
    const picture = sharp(data, { raw: { width, height, channels } });
    const deep = picture.toColourspace(channels === 1 ? 'grey16' : 'rgb16');
    if (format === 'avif') deep.avif({ bitdepth: 10, lossless: true, effort: 0 });
    else if (format === 'tiff') deep.tiff({ compression: 'lzw' });
    await deep.toFile(source);
    const job = jobFor(source, out, { plan });
    if (quality) job.output.quality = quality;
    const result = await engine.enhance(job);
    const { bitsPerSample } = await sharp(job.output.temporary).metadata();
    return { result, picture: await readPicture(job.output.temporary), bitsPerSample, scale: plan.scale };
  };
}

/** How far samples of a channel ever go back from left to right, in levels; 0 where they only rise. */
function largestStepBack(picture: RawPicture, channel: number): number {
  const samples = channelOf(picture, channel);
  let largest = 0;
  for (const [index, sample] of samples.entries()) {
    if (index % picture.width > 0) largest = Math.max(largest, (samples[index - 1] as number) - sample);
  }
  return largest;
}

/** Of the samples of a channel of two pictures, in levels. */
function differences(one: RawPicture, other: RawPicture, channel: number) {
  const theirs = channelOf(other, channel);
  const all = [...channelOf(one, channel)].map((sample, index) =>
    Math.abs(sample - (theirs[index] as number)),
  );
  return {
    mean: all.reduce((sum, value) => sum + value, 0) / all.length,
    largest: all.reduce((most, value) => Math.max(most, value), 0),
  };
}

const levelsOf = (picture: RawPicture, channel: number) => new Set(channelOf(picture, channel)).size;

const KEPT = { what: 'depth', became: 'kept' };

describe.each([
  ['photo-x2', 'fp32'],
  ['photo-x2', 'int8'],
  ['photo-x4', 'fp32'],
  ['photo-x4', 'int8'],
] as const)('16-bit ramps through %s %s', (id, variant) => {
  it('rise everywhere, in thousands of levels, in PNG and TIFF, gray and RGB', async () => {
    const enlarge = await enlarger(id, variant);
    for (const [channels, format] of [
      [GRAY, 'png'],
      [GRAY, 'tiff'],
      [EQUAL, 'png'],
      [EQUAL, 'tiff'],
    ] as const) {
      const { picture, result, bitsPerSample } = await enlarge(ramp(WIDTH, 1, channels), format);
      expect([bitsPerSample, picture.channels]).toEqual([16, channels.length]);
      for (const channel of channels.keys()) {
        expect(largestStepBack(picture, channel)).toBe(0);
        expect(levelsOf(picture, channel)).toBeGreaterThanOrEqual(4096);
      }
      expect(result.fidelity).toContainEqual(KEPT);
      expect([result.variant, result.notes.length]).toEqual(['fp32', variant === 'fp32' ? 0 : 1]);
    }
  });

  it('of different channels stay within one 8-bit level of their lines', async () => {
    const enlarge = await enlarger(id, variant);
    const { picture, scale } = await enlarge(ramp(WIDTH, 1, COLOURS), 'png');
    for (const [channel, line] of COLOURS.entries()) {
      let farthest = 0;
      for (const [index, sample] of channelOf(picture, channel).entries()) {
        const position = (((index % picture.width) + 0.5) / scale - 0.5) / (WIDTH - 1);
        farthest = Math.max(farthest, Math.abs(sample - MOST * Math.min(1, Math.max(0, line(position)))));
      }
      expect(farthest).toBeLessThan(EIGHT_BIT_LEVEL);
      expect(levelsOf(picture, channel)).toBeGreaterThanOrEqual(4096);
    }
  });
});

describe('a 10-bit AVIF', () => {
  it.each(['photo-x2', 'photo-x4'])('stays one through %s, nearly all of its levels with it', async (id) => {
    const enlarge = await enlarger(id, 'int8');
    const source = ramp(2048, 8, EQUAL);
    const exact = (await enlarge(source, 'avif', { out: 'png' })).picture;
    for (const quality of [undefined, 100]) {
      const { picture, result, bitsPerSample } = await enlarge(source, 'avif', quality ? { quality } : {});
      expect(bitsPerSample).toBe(10);
      for (const channel of EQUAL.keys()) {
        expect(largestStepBack(exact, channel)).toBeLessThan(TEN_BIT_LEVEL);
        expect(levelsOf(picture, channel)).toBeGreaterThanOrEqual(900);
        const { mean, largest } = differences(picture, exact, channel);
        expect(mean).toBeLessThan(TEN_BIT_LEVEL);
        expect(largest).toBeLessThanOrEqual((quality === 100 ? 2 : 3) * TEN_BIT_LEVEL);
      }
      expect(result.fidelity).toContainEqual(KEPT);
    }
  });
});
