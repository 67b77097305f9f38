import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { rawPixelsAt, rawRowBytes, rawTiffHeader } from '../../../src/engine/codec/raw-tiff.ts';
import { photo, temporaryFolder } from '../../support/pictures.ts';

it.each([
  { width: 37, height: 50, bands: 3, deep: false },
  { width: 1, height: 1, bands: 1, deep: false },
  { width: 16, height: 16, bands: 4, deep: false },
  { width: 9, height: 17, bands: 4, deep: true },
  { width: 40, height: 3, bands: 3, deep: true },
  { width: 12, height: 64, bands: 1, deep: true },
] as const)(
  'a raw TIFF of $width×$height, $bands bands, deep $deep is read as it was written',
  async (size) => {
    const { data } = photo(size);
    const file = join(await temporaryFolder(), 'raw.tif');
    const pixels = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    await writeFile(file, Buffer.concat([rawTiffHeader(size), pixels]));
    expect([rawTiffHeader(size).length, rawRowBytes(size) * size.height]).toEqual([
      rawPixelsAt(size),
      pixels.length,
    ]);
    const gray = size.bands <= 2;
    const space = size.deep ? (gray ? 'grey16' : 'rgb16') : gray ? 'b-w' : 'srgb';
    const read = await sharp(file, { failOn: 'warning' })
      .toColourspace(space)
      .raw({ depth: size.deep ? 'ushort' : 'uchar' })
      .toBuffer({ resolveWithObject: true });
    expect(read.info).toMatchObject({ width: size.width, height: size.height, channels: size.bands });
    expect(read.data.equals(pixels)).toBe(true);
  },
);

it('one of gray and alpha, too, of which sharp gives the bands one by one', async () => {
  const size = { width: 5, height: 33, bands: 2, deep: false } as const;
  const { data } = photo(size);
  const file = join(await temporaryFolder(), 'raw.tif');
  await writeFile(file, Buffer.concat([rawTiffHeader(size), Buffer.from(data)]));
  expect(await sharp(file).metadata()).toMatchObject({ channels: 2, hasAlpha: true, space: 'b-w' });
  for (const band of [0, 1] as const) {
    const read = await sharp(file).extractChannel(band).toColourspace('b-w').raw().toBuffer();
    expect([...read]).toEqual(Array.from(data).filter((_, index) => index % 2 === band));
  }
});
