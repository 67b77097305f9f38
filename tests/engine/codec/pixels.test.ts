import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { OUTPUT_FORMATS } from '../../../src/shared/formats.ts';
import {
  type PictureOptions,
  photo,
  readPicture,
  temporaryFolder,
  writePicture,
} from '../../support/pictures.ts';
import { largestDifference } from '../../support/pixels.ts';
import { enlargeNearest, repeated } from './nearest.ts';

const OPAQUE: [file: string, PictureOptions][] = [
  ['photo.jpg', {}],
  ['photo.png', {}],
  ['photo.webp', {}],
  ['photo.tif', {}],
  ['photo.avif', {}],
  ['photo.gif', {}],
  ['gray.jpg', { bands: 1 }],
  ['gray.png', { bands: 1 }],
  ['gray.tif', { bands: 1 }],
  ['deep.png', { deep: true }],
  ['deep.tif', { deep: true }],
  ['deep.avif', { deep: true }],
  ['deep-gray.png', { deep: true, bands: 1 }],
  ['deep-gray.tif', { deep: true, bands: 1 }],
  ['palette.png', { palette: true }],
  ['profile.jpg', { profile: 'p3' }],
  ['profile.png', { profile: 'p3', deep: true }],
  ['one-pixel.png', { width: 1, height: 1 }],
  ['one-column.png', { width: 1, height: 9 }],
  ['one-row.tif', { width: 301, height: 1, bands: 1 }],
];

describe.each(OPAQUE)('%s %j', (name, options) => {
  it.each(['png', 'tiff'] as const)('becomes %s with exactly the pixels of the network', async (format) => {
    const folder = await temporaryFolder();
    const source = await writePicture(join(folder, name), options);
    const { file, decoded, verified } = await enlargeNearest(folder, source, { format });
    const expected = repeated(await readPicture(source));
    expect(largestDifference(await readPicture(file), expected)).toBe(0);
    const { width, height, channels, depth, hasAlpha } = await sharp(file).metadata();
    const { bands = 3, deep = false } = options;
    expect({ width, height, channels, depth, hasAlpha, notes: decoded.notes }).toEqual({
      width: expected.width,
      height: expected.height,
      channels: bands,
      depth: deep ? 'ushort' : 'uchar',
      hasAlpha: false,
      notes: [],
    });
    expect(verified).toMatchObject({
      bytes: (await stat(file)).size,
      sha256: createHash('sha256')
        .update(await readFile(file))
        .digest('hex'),
    });
  });
});

it('reads what generated pictures hold: the comparison above is with the real thing', async () => {
  const folder = await temporaryFolder();
  for (const [name, options] of OPAQUE.filter(([file, { palette, profile }]) => {
    return /png|tif/.test(file) && !palette && !profile;
  })) {
    const file = await writePicture(join(folder, name), options);
    expect(largestDifference(await readPicture(file), photo(options)), name).toBe(0);
  }
});

describe('lossy formats', () => {
  it.each(OUTPUT_FORMATS)(
    '%s stays close at the default quality and closer at a higher one',
    async (format) => {
      const folder = await temporaryFolder();
      const source = await writePicture(join(folder, 'photo.png'), { width: 120, height: 90 });
      const expected = repeated(photo({ width: 120, height: 90 }));
      const errors: number[] = [];
      for (const quality of [undefined, 100]) {
        const { file } = await enlargeNearest(folder, source, {
          format,
          ...(quality === undefined ? {} : { quality }),
        });
        errors.push(meanDifference((await readPicture(file)).data, expected.data));
      }
      const [usual, best] = errors as [number, number];
      expect(usual).toBeLessThan(3);
      expect(best).toBeLessThanOrEqual(usual);
      if (format === 'jpeg' || format === 'avif') expect(best).toBeLessThan(usual);
    },
  );

  it('AVIF of a 16-bit picture has more than 8 bits; JPEG and WebP have 8', async () => {
    const folder = await temporaryFolder();
    const source = await writePicture(join(folder, 'deep.png'), { deep: true });
    const depths: Record<string, string> = {};
    for (const format of ['avif', 'jpeg', 'webp'] as const) {
      const { file } = await enlargeNearest(folder, source, { format });
      depths[format] = (await sharp(file).metadata()).depth;
      const eight = { ...repeated(photo({ deep: true })) };
      const shift = format === 'avif' ? 1 : 256;
      eight.data = eight.data.map((sample) => Math.floor(sample / shift));
      const { data } = await readPicture(file);
      expect(meanDifference(data, eight.data), format).toBeLessThan((3 * 256) / shift);
    }
    expect(depths).toEqual({ avif: 'ushort', jpeg: 'uchar', webp: 'uchar' });
  });
});

describe('copies', () => {
  it.each([
    ['RGB is read and written in place', { bands: 3 }, { split: 0, join: 0 }],
    ['gray is spread and joined', { bands: 1 }, { split: 37 * 29, join: 37 * 29 * 4 }],
    ['16-bit alpha is taken apart', { bands: 4, deep: true }, { split: 37 * 29 * 8, join: 37 * 29 * 4 * 8 }],
  ] as const)('%s', async (_, options, copied) => {
    const folder = await temporaryFolder();
    const source = await writePicture(join(folder, 'picture.png'), options);
    expect((await enlargeNearest(folder, source, { format: 'png' })).copied).toEqual(copied);
  });

  it('frames of several chunks are taken apart like small ones', async () => {
    const folder = await temporaryFolder();
    const options = { bands: 1, deep: true, width: 2048, height: 1100 } as const;
    const source = await writePicture(join(folder, 'large.tif'), options);
    const { file } = await enlargeNearest(folder, source, { format: 'tiff' });
    expect(largestDifference(await readPicture(file), repeated(photo(options)))).toBe(0);
  });
});

it('leaves nothing but the metadata of a loaded frame in the scratch folder', async () => {
  const folder = await temporaryFolder();
  const source = await writePicture(join(folder, 'photo.png'));
  await enlargeNearest(folder, source, { format: 'png' });
  expect((await readdir(folder)).sort()).toEqual(['frame.carrier.v', 'photo.png', 'result.png']);
});

function meanDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += Math.abs((a[index] as number) - (b[index] as number));
  return sum / a.length;
}
