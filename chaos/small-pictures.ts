import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { SeededRandom } from './seeded-random.ts';

interface Kind {
  extension: string;
  encode(picture: Sharp): Sharp;
}

/** What photographs come as, eight bits and sixteen, gray, with transparency and without. */
const KINDS: readonly Kind[] = [
  { extension: 'jpg', encode: (picture) => picture.jpeg() },
  { extension: 'png', encode: (picture) => picture.png() },
  { extension: 'webp', encode: (picture) => picture.webp() },
  { extension: 'tif', encode: (picture) => picture.tiff({ compression: 'lzw' }) },
  { extension: 'jpeg', encode: (picture) => picture.toColourspace('b-w').jpeg() },
  { extension: 'png', encode: (picture) => picture.toColourspace('rgb16').png() },
  { extension: 'png', encode: (picture) => picture.ensureAlpha(0.5).png() },
];

/** Colours of which a picture is spread out. */
const GRAIN = 16;

/**
 * Writes `count` pictures into `folder`, made if missing: several formats, sides of `smallest` to `largest` pixels, no two
 * alike, the same ones for the same seed. Resolves to their paths.
 */
export async function smallPictures(
  folder: string,
  count: number,
  { seed, smallest, largest }: { seed: number; smallest: number; largest: number },
): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const random = new SeededRandom(seed);
  const paths: string[] = [];
  for (let index = 0; index < count; index++) {
    const { extension, encode } = KINDS[index % KINDS.length] as Kind;
    const path = join(folder, `photo-${String(index).padStart(5, '0')}.${extension}`);
    const [width, height] = [random.whole(smallest, largest), random.whole(smallest, largest)];
    const colours = Uint8Array.from({ length: GRAIN * GRAIN * 3 }, () => random.whole(0, 255));
    const grain = sharp(colours, { raw: { width: GRAIN, height: GRAIN, channels: 3 } });
    await encode(grain.resize(width, height, { fit: 'fill', kernel: 'cubic' })).toFile(path);
    paths.push(path);
  }
  return paths;
}
