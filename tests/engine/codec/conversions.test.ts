import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decode } from '../../../src/engine/codec/decode.ts';
import { probe } from '../../../src/engine/codec/probe.ts';
import { photo, readPicture, temporaryFolder, writeAnimation, writePicture } from '../../support/pictures.ts';
import { largestDifference } from '../../support/pixels.ts';
import { enlargeNearest, repeated } from './nearest.ts';

const FIRST_ONLY = 'Only the first picture of this file was enlarged.';

describe('CMYK', () => {
  it.each(['print.jpg', 'print.tif'])('%s becomes sRGB, with a note', async (name) => {
    const folder = await temporaryFolder();
    const source = await writePicture(join(folder, name), { cmyk: true, orientation: 3, density: 300 });
    const { file, decoded } = await enlargeNearest(folder, source, { format: 'tiff' });
    const { space, channels, hasAlpha, density, orientation } = await sharp(file).metadata();
    expect({ space, channels, hasAlpha, density, orientation, notes: decoded.notes }).toEqual({
      space: 'srgb',
      channels: 3,
      hasAlpha: false,
      density: 300,
      orientation: 1,
      notes: ['The colours were converted from CMYK to sRGB.'],
    });
    const { data, info } = await sharp(source)
      .autoOrient()
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    const expected = repeated({ data, width: info.width, height: info.height, channels: 3 });
    expect(largestDifference(await readPicture(file), expected)).toBe(0);
  });
});

describe('files of several pictures', () => {
  it('an animated GIF becomes its first picture, with a note', async () => {
    const folder = await temporaryFolder();
    const source = await writeAnimation(join(folder, 'moving.gif'), 3);
    expect(await probe(source)).toMatchObject({ format: 'gif', width: 37, height: 29, pages: 3 });
    const { file, decoded } = await enlargeNearest(folder, source, { format: 'png' });
    expect(decoded.notes).toEqual([FIRST_ONLY]);
    expect(largestDifference(await readPicture(file), repeated(await readPicture(source)))).toBe(0);
  });

  it('so do an animated WebP and a TIFF of several pages', async () => {
    const folder = await temporaryFolder();
    const moving = await writeAnimation(join(folder, 'moving.gif'), 2);
    for (const name of ['moving.webp', 'pages.tif']) {
      const source = join(folder, name);
      await sharp(moving, { animated: true }).toFile(source);
      const { width, height, notes } = await decode({ source, scratch: join(folder, 'frame') });
      expect({ width, height, notes }, name).toEqual({ width: 37, height: 29, notes: [FIRST_ONLY] });
    }
  });
});

describe('other ways to store samples', () => {
  it('one bit becomes eight', async () => {
    const folder = await temporaryFolder();
    const { data, width, height, channels } = photo({ bands: 1 });
    const source = join(folder, 'fax.tif');
    await sharp(data, { raw: { width, height, channels } })
      .threshold()
      .toColourspace('b-w')
      .tiff({ bitdepth: 1, compression: 'none' })
      .toFile(source);
    const { file, decoded } = await enlargeNearest(folder, source, { format: 'png' });
    expect(decoded).toMatchObject({ bands: 1, deep: false });
    const read = await readPicture(file);
    expect(new Set(read.data)).toEqual(new Set([0, 255]));
    expect(largestDifference(read, repeated(await readPicture(source)))).toBe(0);
  });

  it('floating point becomes 16 bits', async () => {
    const folder = await temporaryFolder();
    const { data, width, height, channels } = photo();
    const source = join(folder, 'linear.tif');
    await sharp(data, { raw: { width, height, channels } })
      .toColourspace('scrgb')
      .tiff({ compression: 'none' })
      .toFile(source);
    expect((await sharp(source).metadata()).depth).toBe('float');
    const { file, decoded } = await enlargeNearest(folder, source, { format: 'png' });
    expect(decoded).toMatchObject({ bands: 3, deep: true });
    const read = await readPicture(file);
    const eight = { ...read, data: read.data.map((sample) => Math.round(sample / 257)) };
    expect(largestDifference(eight, repeated(photo()))).toBeLessThanOrEqual(1);
  });
});

describe('probe', () => {
  it.each([
    ['a.jpg', {}, { format: 'jpeg', alpha: false, deep: false }],
    ['a.png', { bands: 4, deep: true }, { format: 'png', alpha: true, deep: true }],
    ['a.webp', { bands: 4 }, { format: 'webp', alpha: true, deep: false }],
    ['a.tif', { deep: true }, { format: 'tiff', alpha: false, deep: true }],
    ['a.avif', {}, { format: 'avif', alpha: false, deep: false }],
    ['a.gif', {}, { format: 'gif', alpha: false, deep: false }],
  ] as const)('%s %j', async (name, options, expected) => {
    const folder = await temporaryFolder();
    const source = await writePicture(join(folder, name), options);
    expect(await probe(source)).toEqual({ width: 37, height: 29, pages: 1, ...expected });
  });
});
