import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import {
  type PictureOptions,
  photo,
  type RawPicture,
  readPicture,
  temporaryFolder,
  writePicture,
} from '../../support/pictures.ts';
import { channelOf, largestDifference } from '../../support/pixels.ts';
import { enlargeNearest, repeated } from './nearest.ts';

const TRANSPARENT: [file: string, PictureOptions][] = [
  ['rgba.png', { bands: 4 }],
  ['rgba.tif', { bands: 4 }],
  ['rgba.webp', { bands: 4 }],
  ['rgba.avif', { bands: 4 }],
  ['rgba.gif', { bands: 4 }],
  ['deep-rgba.png', { bands: 4, deep: true }],
  ['deep-rgba.tif', { bands: 4, deep: true }],
  ['gray-alpha.png', { bands: 2 }],
  ['gray-alpha.tif', { bands: 2 }],
  ['deep-gray-alpha.png', { bands: 2, deep: true }],
  ['palette-alpha.png', { bands: 4, palette: true }],
];

describe.each(TRANSPARENT)('%s', (name, options) => {
  it.each(['png', 'tiff'] as const)('keeps its transparency in %s', async (format) => {
    const folder = await temporaryFolder();
    const source = await writePicture(join(folder, name), options);
    const { file } = await enlargeNearest(folder, source, { format });
    const before = await readPicture(source);
    const after = await readPicture(file);
    const { bands = 3, deep = false } = options;
    const { channels, depth, hasAlpha } = await sharp(file).metadata();
    expect({ channels, depth, hasAlpha }).toEqual({
      channels: bands,
      depth: deep ? 'ushort' : 'uchar',
      hasAlpha: true,
    });
    expect(largestDifference(await alphaByBicubic(before), alphaOf(after))).toBe(0);
    expect(largestVisibleDifference(repeated(before), after)).toBe(0);
  });
});

it.each([
  ['opaque.png', 255],
  ['half.png', 128],
  ['nothing.png', 0],
])('an even alpha stays as it is: %s', async (name, alpha) => {
  const folder = await temporaryFolder();
  const { data, width, height, channels } = photo({ bands: 4 });
  const even = data.map((sample, index) => (index % 4 === 3 ? alpha : sample));
  const source = join(folder, name);
  await sharp(even, { raw: { width, height, channels } }).png().toFile(source);
  const { file } = await enlargeNearest(folder, source, { format: 'png' });
  const after = await readPicture(file);
  expect(after).toMatchObject({ width: 2 * width, height: 2 * height, channels: 4 });
  expect(new Set(channelOf(after, 3))).toEqual(new Set([alpha]));
});

it('WebP and AVIF keep transparency, too', async () => {
  const folder = await temporaryFolder();
  const source = await writePicture(join(folder, 'rgba.png'), { bands: 4 });
  const expected = await alphaByBicubic(photo({ bands: 4 }));
  for (const format of ['webp', 'avif'] as const) {
    const { file } = await enlargeNearest(folder, source, { format });
    // WebP's alpha is lossless; AVIF's is not.
    const allowed = format === 'webp' ? 0 : 12;
    const difference = largestDifference(expected, alphaOf(await readPicture(file)));
    expect(difference, format).toBeLessThanOrEqual(allowed);
  }
});

function alphaOf(picture: RawPicture): RawPicture {
  return { ...picture, data: channelOf(picture, picture.channels - 1), channels: 1 };
}

async function alphaByBicubic(picture: RawPicture): Promise<RawPicture> {
  const { data, width, height, channels } = alphaOf(picture);
  const deep = data instanceof Uint16Array;
  const { data: bytes } = await sharp(data, { raw: { width, height, channels } })
    .resize(2 * width, 2 * height, { kernel: 'cubic', fit: 'fill' })
    .toColourspace(deep ? 'grey16' : 'b-w')
    .raw({ depth: deep ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const copy = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const samples = deep ? new Uint16Array(copy) : new Uint8Array(copy);
  return { data: samples, width: 2 * width, height: 2 * height, channels: 1 };
}

/** Of colours where the original, enlarged without interpolation, shows anything of them. */
function largestVisibleDifference(expected: RawPicture, found: RawPicture): number {
  const { channels } = expected;
  const visible = (data: RawPicture['data']) =>
    data.filter((_, index) => {
      const pixel = Math.floor(index / channels);
      return index % channels < channels - 1 && expected.data[pixel * channels + channels - 1] !== 0;
    });
  return largestDifference(
    { ...expected, data: visible(expected.data) },
    { ...found, data: visible(found.data) },
  );
}
