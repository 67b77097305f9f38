import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';

const REAL = join(import.meta.dirname, '..', '..', 'shared', 'data', 'photos', 'nikon_gps.jpg');

/** A folder that is removed when it is disposed of. */
export async function temporaryFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'enlarger-bench-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/**
 * Writes `count` JPEGs of `width`×`height` into `folder`: a real photograph resized where there is one,
 * else smooth noise, which costs a codec about the same. Returns their paths.
 */
export async function photographs(
  folder: string,
  count: number,
  width: number,
  height: number,
): Promise<string[]> {
  const picture = existsSync(REAL)
    ? sharp(REAL).resize(width, height, { fit: 'cover' })
    : smoothNoise(width, height);
  const first = join(folder, `photo-${width}x${height}-0.jpg`);
  await picture.jpeg({ quality: 90 }).toFile(first);
  const paths = [first];
  for (let index = 1; index < count; index++) {
    const path = join(folder, `photo-${width}x${height}-${index}.jpg`);
    await copyFile(first, path);
    paths.push(path);
  }
  return paths;
}

function smoothNoise(width: number, height: number): Sharp {
  const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
  return sharp({ create: { width, height, channels: 3, background: '#808080', noise } }).blur(2);
}
