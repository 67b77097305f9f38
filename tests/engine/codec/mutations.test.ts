import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { bitmapFile, bitmapRows } from '../../support/bitmaps.ts';
import { DecodeProcess, eachOf } from '../../support/decoding.ts';
import { mutate } from '../../support/mutate.ts';
import { photo, temporaryFolder, writeAnimation, writePicture } from '../../support/pictures.ts';

const PHOTOS = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'data', 'photos');
const COUNT = 2000;

/** Where real photographs lie beside the repository, copies of these no larger than 0.1 megapixels. */
const REAL = [
  'adobe_rgb.jpg',
  'cmyk.jpg',
  'orientation_6.jpg',
  'restart_markers.jpg',
  'rgb_16bit.png',
  'rgba_photo.png',
  'palette_trns.png',
  'gray_alpha.png',
  'photo.webp',
  'photo_lossless.webp',
  'photo_8bit.avif',
  'photo_10bit_hdr_p3.avif',
  'rgb_8bit_lzw.tiff',
  'rgb_16bit_lzw.tif',
  'animated.gif',
];

async function smallCopy(name: string, folder: string): Promise<string> {
  const file = join(folder, name);
  const picture = sharp(join(PHOTOS, name), { animated: name.endsWith('gif') })
    .resize(name.endsWith('gif') ? 64 : 220, undefined, { withoutEnlargement: true })
    .keepMetadata();
  if (name.includes('16bit')) picture.toColourspace('rgb16');
  if (name.includes('cmyk')) picture.withIccProfile('cmyk').toColourspace('cmyk');
  if (extname(name) === '.avif') picture.avif({ effort: 0, bitdepth: name.includes('10bit') ? 10 : 8 });
  if (name === 'photo_lossless.webp') picture.webp({ lossless: true, effort: 0 });
  if (name === 'palette_trns.png') picture.png({ palette: true });
  await picture.toFile(file);
  return file;
}

async function originals(folder: string): Promise<string[]> {
  const made = (name: string) => join(folder, name);
  const size = { width: 90, height: 64 };
  const { data, width, height } = photo(size);
  const bitmap = { width, height, bits: 24, pixels: bitmapRows(data as Uint8Array, width, height, 24) };
  await writeFile(made('made.bmp'), bitmapFile(bitmap));
  const palette = Array.from({ length: 256 }, (_, gray) => [gray, gray, gray] as const);
  const runs = Buffer.from(Array.from({ length: height }, (_, y) => [width, 4 * y, 0, 0]).flat());
  await writeFile(
    made('runs.bmp'),
    bitmapFile({ ...bitmap, bits: 8, pixels: runs, palette, compression: 1 }),
  );
  const always = [
    await writePicture(made('deep.tif'), { ...size, deep: true, profile: 'p3' }),
    await writePicture(made('alpha.png'), {
      ...size,
      bands: 4,
      xmp: '<x:xmpmeta xmlns:x="adobe:ns:meta/"/>',
    }),
    await writePicture(made('photo.jpg'), { ...size, orientation: 8, profile: 'srgb' }),
    await writePicture(made('photo.webp'), { ...size, bands: 4, profile: 'p3' }),
    await writePicture(made('photo.avif'), size),
    await writeAnimation(made('moving.gif'), 3),
    made('made.bmp'),
    made('runs.bmp'),
  ];
  if (!existsSync(PHOTOS)) return always;
  return [...always, ...(await Promise.all(REAL.map((name) => smallCopy(name, folder))))];
}

it(`${COUNT} pictures gone bad each end as a picture or in a typed error that names the file`, async () => {
  const folder = await temporaryFolder();
  const files = await originals(folder);
  const contents = await Promise.all(files.map((file) => readFile(file)));
  const process = new DecodeProcess(await temporaryFolder());
  const seeds = Array.from({ length: COUNT }, (_, seed) => seed);
  const counted = new Map<string, number>();
  const wrong = await eachOf(seeds, 4, async (seed) => {
    const index = seed % files.length;
    const name = files[index] as string;
    const other = contents[(seed * 7 + 3) % files.length] as Buffer;
    const { what, bytes } = mutate(contents[index] as Buffer, other, seed);
    const source = join(folder, `seed ${seed}${extname(name)}`);
    await writeFile(source, bytes);
    const { probed, decoded, left } = await process.decode(source);
    await rm(source);
    const end = 'code' in decoded ? decoded.code : 'picture';
    counted.set(end, (counted.get(end) ?? 0) + 1);
    const fine = !('untyped' in probed) && !('untyped' in decoded) && left.length === 0;
    return fine ? [] : [{ seed, name, what, probed, decoded, left }];
  });
  expect(wrong.flat()).toEqual([]);
  // Both must come: mutations that never or always matter would prove nothing.
  expect(counted.get('picture')).toBeGreaterThan(COUNT / 20);
  expect(counted.get('decode-failed')).toBeGreaterThan(COUNT / 20);
}, 180_000);
