import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { OpenedPictures } from '../../../src/engine/viewing/opened-pictures.ts';
import type { SquarePlace } from '../../../src/shared/squares.ts';
import { type PictureOptions, randomNumbers, temporaryFolder, writePicture } from '../../support/pictures.ts';
import { expectedSquare, likeness, misplaced, shownWhole } from './shown.ts';

const PHOTOS = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'data', 'photos');
const HEIC = join(import.meta.dirname, '..', '..', 'fixtures', 'heic');

/** Opened pictures over a scratch folder of their own. */
async function opened(limits?: { pictures: number; bytes: number }) {
  const folder = await temporaryFolder();
  const scratch = join(folder, 'scratch');
  await mkdir(scratch);
  const pictures = new OpenedPictures(scratch, limits);
  const target = join(folder, 'square');
  const square = async (source: string, place: SquarePlace) => {
    const facts = await pictures.square(source, place, target);
    const { format } = await sharp(target).metadata();
    return { ...facts, format, shown: await shownWhole(target) };
  };
  return { folder, scratch, pictures, square, left: () => readdir(scratch) };
}

const KINDS: [name: string, options: PictureOptions][] = [
  ['photo.jpg', {}],
  ['turned.jpg', { orientation: 6 }],
  ['mirrored.png', { orientation: 5 }],
  ['wide-gamut.png', { profile: 'p3' }],
  ['wide-gamut.jpg', { profile: 'p3', orientation: 3 }],
  ['gray.png', { bands: 1 }],
  ['gray.jpg', { bands: 1 }],
  ['gray-alpha.png', { bands: 2 }],
  ['rgba.png', { bands: 4 }],
  ['rgba.webp', { bands: 4 }],
  ['deep.tif', { deep: true }],
  ['deep-alpha.png', { deep: true, bands: 4 }],
  ['palette.png', { palette: true }],
  ['print.jpg', { cmyk: true }],
  ['photo.gif', {}],
  ['photo.avif', {}],
];

describe('a square', () => {
  it.each(KINDS)('of %s shows what is there, at every level', async (name, options) => {
    const { folder, square } = await opened();
    const source = await writePicture(join(folder, name), { width: 1201, height: 733, ...options });
    const whole = await shownWhole(source);
    const transparent = options.bands === 2 || options.bands === 4;
    for (const place of [
      { level: 0, column: 0, row: 0 },
      { level: 0, column: 1, row: 1 },
      { level: 1, column: 0, row: 0 },
      { level: 3, column: 0, row: 0 },
    ]) {
      const { shown, format } = await square(source, place);
      expect(format).toBe(transparent ? 'png' : 'jpeg');
      const expected = expectedSquare(whole, place);
      expect(likeness(shown, expected), `level ${place.level}`).toBeGreaterThan(36);
    }
  });

  it('at the right and lower edges is as large as what is left', async () => {
    const { folder, square } = await opened();
    const source = await writePicture(join(folder, 'a.png'), { width: 1201, height: 733 });
    const sizeOf = async (level: number, column: number, row: number) => {
      const { width, height } = await square(source, { level, column, row });
      return [width, height];
    };
    expect(await sizeOf(0, 2, 1)).toEqual([177, 221]);
    expect(await sizeOf(1, 1, 0)).toEqual([89, 367]);
    expect(await sizeOf(2, 0, 0)).toEqual([301, 184]);
    expect(await sizeOf(12, 0, 0)).toEqual([1, 1]);
  });

  it('beyond the picture is not there', async () => {
    const { folder, square } = await opened();
    const source = await writePicture(join(folder, 'a.png'), { width: 600, height: 40 });
    for (const place of [
      { level: 0, column: 2, row: 0 },
      { level: 0, column: 0, row: 1 },
      { level: 1, column: 1, row: 0 },
    ]) {
      await expect(square(source, place)).rejects.toMatchObject({ code: 'not-found', file: source });
    }
  });

  it('of a picture of one pixel is that pixel', async () => {
    const { folder, square } = await opened();
    const source = join(folder, 'a.png');
    await sharp({ create: { width: 1, height: 1, channels: 4, background: '#10203080' } })
      .png()
      .toFile(source);
    const { shown } = await square(source, { level: 0, column: 0, row: 0 });
    expect([...shown.data]).toEqual([0x10, 0x20, 0x30, 0x80]);
    expect((await square(source, { level: 9, column: 0, row: 0 })).shown).toMatchObject({
      width: 1,
      height: 1,
    });
  });

  it('of a very wide picture is found to its end', async () => {
    const { folder, square } = await opened();
    const source = join(folder, 'a.png');
    const raw = { width: 20_011, height: 40, channels: 1 } as const;
    const random = randomNumbers(1);
    const bars = Uint8Array.from({ length: raw.width }, () => 255 * random());
    const data = Uint8Array.from({ length: raw.width * raw.height }, (_, at) => bars[at % raw.width] ?? 0);
    await sharp(data, { raw }).png().toFile(source);
    const whole = await shownWhole(source);
    for (const place of [
      { level: 0, column: 39, row: 0 },
      { level: 3, column: 4, row: 0 },
      { level: 6, column: 0, row: 0 },
    ]) {
      const { shown } = await square(source, place);
      expect(misplaced(shown, whole, place), `level ${place.level}`).toEqual([0, 0]);
    }
  });

  it('has no shadow of what is hidden under transparency', async () => {
    const { folder, square } = await opened();
    const source = join(folder, 'a.png');
    const data = Buffer.alloc(1200 * 700 * 4);
    // White on the left of each stripe, and nothing, that would be black, on its right.
    for (let pixel = 0; pixel < 1200 * 700; pixel++)
      if (pixel % 3 === 0) data.fill(255, 4 * pixel, 4 * pixel + 4);
    await sharp(data, { raw: { width: 1200, height: 700, channels: 4 } })
      .png()
      .toFile(source);
    for (const level of [0, 1, 2]) {
      const { shown } = await square(source, { level, column: 0, row: 0 });
      const seen = shown.data.filter((_, at) => at % 4 === 0 && (shown.data[at + 3] as number) > 0);
      expect(seen.length, `level ${level}`).toBeGreaterThan(1000);
      expect(
        seen.every((value) => value > 250),
        `level ${level}`,
      ).toBe(true);
    }
  });

  it('of a picture that libvips cannot decode is made all the same', async () => {
    const { square, left } = await opened();
    const name = (await readdir(HEIC)).find((file) => file.endsWith('.heic'));
    const { shown } = await square(join(HEIC, name as string), { level: 0, column: 0, row: 0 });
    expect(new Set(shown.data).size).toBeGreaterThan(4);
    expect((await left()).every((file) => file.endsWith('.tif'))).toBe(true);
  });

  it
    .skipIf(!existsSync(PHOTOS))
    .each([
      'portrait_orientation_6.jpg',
      'display_p3.jpg',
      'adobe_rgb.jpg',
      'gray_alpha.png',
      'rgb_16bit.png',
    ])('of the photograph %s (left out where the photographs are not there)', async (name) => {
    const { square } = await opened();
    const source = join(PHOTOS, name);
    const whole = await shownWhole(source);
    for (const level of [0, 1, 3]) {
      const place = { level, column: 0, row: 0 };
      const { shown } = await square(source, place);
      // Filters differ a little at each level, and on a photograph that shows.
      expect(likeness(shown, expectedSquare(whole, place)), `level ${level}`).toBeGreaterThan(
        [40, 33, 0, 26][level] as number,
      );
      expect(misplaced(shown, whole, place), `level ${level}`).toEqual([0, 0]);
    }
  });
});

describe('a first look at a large JPEG', () => {
  it('agrees with the levels of the whole picture, which is decoded only when it is looked at', async () => {
    const { folder, square, left } = await opened();
    const source = await writePicture(join(folder, 'a.jpg'), { width: 4003, height: 2501, orientation: 6 });
    const place = { level: 2, column: 0, row: 1 };
    const first = await square(source, place);
    expect(await left()).toHaveLength(1);
    const whole = await shownWhole(source);
    expect(likeness(first.shown, expectedSquare(whole, place))).toBeGreaterThan(33);
    await square(source, { level: 0, column: 3, row: 3 });
    expect(await left()).toHaveLength(2);
    expect(likeness((await square(source, place)).shown, first.shown)).toBeGreaterThan(33);
  });
});

describe('a picture that is looked at', () => {
  it('is decoded once, however many look at it at once, and whatever it is called then', async () => {
    const { folder, scratch, pictures, left } = await opened();
    const source = await writePicture(join(folder, 'a.png'), { width: 1500, height: 1100 });
    const places = [0, 1, 2].flatMap((column) => [0, 1, 2].map((row) => ({ level: 0, column, row })));
    await Promise.all(
      places.map((place) => pictures.square(source, place, join(folder, `${place.column}-${place.row}`))),
    );
    expect(await left()).toHaveLength(1);
    const renamed = join(folder, 'b.png');
    await rename(source, renamed);
    await pictures.square(renamed, { level: 1, column: 0, row: 0 }, join(folder, 'again'));
    expect(await left()).toHaveLength(1);
    expect(await readdir(scratch)).toEqual([expect.stringMatching(/\.tif$/)]);
  });

  it('goes when others are, the one that was looked at longest ago first', async () => {
    const { folder, square, left } = await opened({ pictures: 2, bytes: 1e9 });
    const sources = await Promise.all(
      [1, 2, 3].map((seed) => writePicture(join(folder, `${seed}.png`), { seed })),
    );
    const [a, b, c] = sources as [string, string, string];
    const place = { level: 0, column: 0, row: 0 };
    for (const source of [a, b]) await square(source, place);
    const [first, second] = (await left()).sort();
    await square(a, place);
    await square(c, place);
    const names = await left();
    expect(names).toHaveLength(2);
    expect(names).toContain(first);
    expect(names).not.toContain(second);
  });

  it('goes when its bytes are needed, except the one that is looked at', async () => {
    const { folder, square, left } = await opened({ pictures: 9, bytes: 1 });
    for (const seed of [1, 2, 3]) {
      await square(await writePicture(join(folder, `${seed}.png`), { seed }), {
        level: 0,
        column: 0,
        row: 0,
      });
      expect(await left()).toHaveLength(1);
    }
  });

  it('and is damaged, or no picture, leaves nothing behind and is tried again', async () => {
    const { folder, square, left } = await opened();
    const source = join(folder, 'a.png');
    const place = { level: 0, column: 0, row: 0 };
    await expect(square(source, place)).rejects.toMatchObject({ code: 'not-found', file: source });
    await writeFile(source, 'no picture');
    await expect(square(source, place)).rejects.toMatchObject({ code: 'unsupported-format', file: source });
    await rm(source);
    await writePicture(source);
    expect(await square(source, place)).toMatchObject({ width: 37, height: 29 });
    expect(await left()).toHaveLength(1);
  });
});
