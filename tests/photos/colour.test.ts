import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { openBitmap } from '../../src/engine/codec/bitmap.ts';
import { modelsFolder } from '../../src/main/installation.ts';
import { ModelRegistry } from '../../src/main/models/model-registry.ts';
import { resolvePlan } from '../../src/main/models/resolve-plan.ts';
import { ciede2000 } from '../support/ciede2000.ts';
import { jobFor, loadSessions, startEngine } from '../support/engine.ts';
import { managed, meanDifference } from '../support/lab.ts';
import { readPicture, temporaryFolder } from '../support/pictures.ts';

/** Pairs of colours and their difference. Source: Sharma, Wu, Dalal (2005), table 1. */
const PUBLISHED = `
  50 2.6772 -79.7751 50 0 -82.7485 2.0425
  50 3.1571 -77.2803 50 0 -82.7485 2.8615
  50 2.8361 -74.02 50 0 -82.7485 3.4412
  50 -1.3802 -84.2814 50 0 -82.7485 1
  50 -1.1848 -84.8006 50 0 -82.7485 1
  50 -0.9009 -85.5211 50 0 -82.7485 1
  50 0 0 50 -1 2 2.3669
  50 -1 2 50 0 0 2.3669
  50 2.49 -0.001 50 -2.49 0.0009 7.1792
  50 2.49 -0.001 50 -2.49 0.001 7.1792
  50 2.49 -0.001 50 -2.49 0.0011 7.2195
  50 2.49 -0.001 50 -2.49 0.0012 7.2195
  50 -0.001 2.49 50 0.0009 -2.49 4.8045
  50 -0.001 2.49 50 0.001 -2.49 4.8045
  50 -0.001 2.49 50 0.0011 -2.49 4.7461
  50 2.5 0 50 0 -2.5 4.3065
  50 2.5 0 73 25 -18 27.1492
  50 2.5 0 61 -5 29 22.8977
  50 2.5 0 56 -27 -3 31.903
  50 2.5 0 58 24 15 19.4535
  50 2.5 0 50 3.1736 0.5854 1
  50 2.5 0 50 3.2972 0 1
  50 2.5 0 50 1.8634 0.5757 1
  50 2.5 0 50 3.2592 0.335 1
  60.2574 -34.0099 36.2677 60.4626 -34.1751 39.4387 1.2644
  63.0109 -31.0961 -5.8663 62.8187 -29.7946 -4.0864 1.263
  61.2901 3.7196 -5.3901 61.4292 2.248 -4.962 1.8731
  35.0831 -44.1164 3.7933 35.0232 -40.0716 1.5901 1.8645
  22.7233 20.0904 -46.694 23.0331 14.973 -42.5619 2.0373
  36.4612 47.858 18.3852 36.2715 50.5065 21.2231 1.4146
  90.8027 -2.0831 1.441 91.1528 -1.6435 0.0447 1.4441
  90.9257 -0.5406 -0.9208 88.6381 -0.8985 -0.7239 1.5381
  6.7747 -0.2908 -2.4247 5.8714 -0.0985 -2.2286 0.6377
  2.0776 0.0795 -1.135 0.9033 -0.0636 -0.5514 0.9082`;

it('CIEDE2000 is what was published, both ways round', () => {
  const rows = PUBLISHED.trim().split('\n');
  expect(rows).toHaveLength(34);
  for (const row of rows) {
    const [l1, a1, b1, l2, a2, b2, difference] = row.trim().split(' ').map(Number) as [
      ...[number, number, number],
      ...[number, number, number, number],
    ];
    expect(ciede2000([l1, a1, b1], [l2, a2, b2]), row).toBeCloseTo(difference, 4);
    expect(ciede2000([l2, a2, b2], [l1, a1, b1]), row).toBeCloseTo(difference, 4);
  }
});

const PHOTOS = join(import.meta.dirname, '..', '..', '..', 'shared', 'data', 'photos');
/** Mean CIEDE2000 of a photograph and its result. */
const BAR = 1;
/** Pixels of a photograph that is enlarged whole; of larger ones the middle is, of CROP pixels a side. */
const SMALL = 600_000;
const CROP = 256;
/**
 * No photograph but a chart of 32 pixels a side, all edges between pure colours: there is no room beyond 0 and 255, and
 * what a network overshoots is cut off, and missing from the mean. It is also tried in half the contrast, where there is.
 */
const CHART = 'palette_tiny.png';
/** No second decoder to compare with: libvips reads no HEVC as it is built for us. */
const UNREADABLE = ['iphone.heic'];

async function enlarger(folder: string, id = 'photo-x2') {
  const model = (await ModelRegistry.read(modelsFolder())).get(id);
  const plan = resolvePlan(model, { variant: 'int8', threads: 1 });
  const { engine } = await startEngine(folder, { memoryBudget: 5e8 });
  await loadSessions(engine, plan);
  return async (source: string) => {
    const job = jobFor(source, 'tiff', { plan });
    job.output.temporary = join(folder, 'result.tif');
    const result = await engine.enhance(job);
    return { result, target: job.output.temporary };
  };
}

/** `source`, or the middle of it, its samples and profile untouched, if it is large. */
async function cropped(source: string, folder: string): Promise<string> {
  if (extname(source) === '.bmp') return source;
  const { width, height, space, depth } = await sharp(source).metadata();
  if (width * height <= SMALL) return source;
  const file = join(folder, 'crop.png');
  await sharp(source)
    .keepIccProfile()
    .extract({ left: (width - CROP) >> 1, top: (height - CROP) >> 1, width: CROP, height: CROP })
    .toColourspace(depth === 'ushort' ? 'rgb16' : space)
    .png({ compressionLevel: 1 })
    .toFile(file);
  return file;
}

/** What the result is compared with. CMYK is taken to sRGB first, since the result is there. */
async function reference(source: string, folder: string): Promise<Sharp> {
  if (extname(source) === '.bmp') return openBitmap(source);
  const picture = sharp(source, { pages: 1 });
  if ((await picture.metadata()).space !== 'cmyk') return picture;
  const file = join(folder, 'converted.png');
  await picture.toColourspace('srgb').toFile(file);
  return sharp(file);
}

type ManagedPicture = Awaited<ReturnType<typeof managed>>;

/** `source` in half the contrast around the middle gray: 64 to 191 of 255. */
async function softened(source: string, file: string): Promise<string> {
  const { data, info } = await sharp(source).raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const samples = data.map((sample) => 64 + Math.floor(sample / 2));
  await sharp(samples, { raw: { width, height, channels } }).toFile(file);
  return file;
}

/**
 * `picture`, a whole number of times larger than its source, at the source's size and in full contrast again. The mean
 * is taken first: single samples may lie beyond the contrast that they had.
 */
function hardened(picture: ManagedPicture, scale: number): ManagedPicture {
  const [width, height] = [picture.width / scale, picture.height / scale];
  const sums = new Float64Array(width * height * 4);
  for (const [at, sample] of picture.samples.entries()) {
    const pixel = at >> 2;
    const [x, y] = [pixel % picture.width, Math.floor(pixel / picture.width)];
    const place = 4 * (Math.floor(y / scale) * width + Math.floor(x / scale)) + (at & 3);
    sums[place] = (sums[place] as number) + sample / scale ** 2;
  }
  const levels = sums.map((mean, at) => ((at & 3) === 3 ? mean : 2 * (mean - 64 * 257)));
  const samples = Uint16Array.from(levels, (level) => Math.min(65_535, Math.max(0, level)));
  return { ...picture, width, height, samples };
}

describe.skipIf(!existsSync(PHOTOS))(
  'photographs as people drop them (where ../shared/data/photos is)',
  () => {
    it('keep their colours, enlarged 2 times: a mean CIEDE2000 of at most 1 each', async () => {
      const folder = await temporaryFolder();
      const enlarge = await enlarger(folder);
      const names = (await readdir(PHOTOS)).filter(
        (name) => extname(name) !== '.csv' && name !== CHART && !UNREADABLE.includes(name),
      );
      const beyond: [name: string, difference: number][] = [];
      for (const name of names) {
        const source = await cropped(join(PHOTOS, name), folder);
        const { target } = await enlarge(source);
        const difference = meanDifference(
          await managed(await reference(source, folder)),
          await managed(sharp(target)),
        );
        if (!(difference <= BAR)) beyond.push([name, difference]);
      }
      expect(beyond).toEqual([]);
      expect(names.length).toBeGreaterThan(40);
    }, 120_000);

    it.each(['photo-x2', 'photo-x4'])(
      'a chart of pure colours keeps them, in full contrast and in half of it, by %s',
      async (id) => {
        const folder = await temporaryFolder();
        const enlarge = await enlarger(folder, id);
        const chart = join(PHOTOS, CHART);
        const source = await managed(sharp(chart));
        const result = await managed(sharp((await enlarge(chart)).target));
        const { width, height } = result;
        const interpolated = join(folder, 'interpolated.png');
        await sharp(chart).resize(width, height).toFile(interpolated);
        const ofInterpolation = meanDifference(source, await managed(sharp(interpolated)));
        const difference = meanDifference(source, result);
        expect(difference).toBeLessThanOrEqual(BAR);
        expect(difference).toBeLessThan(ofInterpolation / 2);

        const soft = await softened(chart, join(folder, 'soft.png'));
        const before = hardened(await managed(sharp(soft)), 1);
        const after = hardened(await managed(sharp((await enlarge(soft)).target)), width / source.width);
        expect(meanDifference(before, after)).toBeLessThanOrEqual(BAR);
      },
    );

    it.each(['adobe_rgb.jpg', 'display_p3.jpg'])('%s stays in its own encoding', async (name) => {
      const folder = await temporaryFolder();
      const source = await cropped(join(PHOTOS, name), folder);
      const { target, result } = await (await enlarger(folder))(source);
      const [stored, enlarged] = [await readPicture(source), await readPicture(target)];
      const converted = await sharp(source).toColourspace('srgb').raw().toBuffer();
      const off = channelMeans(stored.data).map((mean, at) =>
        Math.abs(mean - (channelMeans(enlarged.data)[at] as number)),
      );
      const wouldBe = channelMeans(stored.data).map((mean, at) =>
        Math.abs(mean - (channelMeans(converted)[at] as number)),
      );
      expect(Math.max(...off)).toBeLessThan(0.2);
      expect(Math.max(...wouldBe)).toBeGreaterThan(2);
      expect((await sharp(target).metadata()).icc).toEqual((await sharp(source).metadata()).icc);
      expect(result.fidelity).toContainEqual({ what: 'profile', became: 'kept' });
    });
  },
);

function channelMeans(data: ArrayLike<number>): number[] {
  const sums = [0, 0, 0];
  for (let at = 0; at < data.length; at++) sums[at % 3] = (sums[at % 3] as number) + (data[at] as number);
  return sums.map((sum) => sum / (data.length / 3));
}
