import { readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Preview, PreviewCache } from '../../../src/main/media/preview-cache.ts';
import { temporaryFolder, writePicture } from '../../support/pictures.ts';
import { startEngine } from '../real-engine.ts';

/** A cache of so many bytes over a real engine, and a folder of pictures. */
async function openCache(largest = 1e6) {
  const folder = join(await temporaryFolder(), 'previews');
  const engine = await startEngine();
  const cache = await PreviewCache.open(folder, engine, largest);
  return { folder, engine, cache, pictures: await temporaryFolder() };
}

it('makes a preview once, however many ask at once, and again when the picture has changed', async () => {
  const { cache, folder, pictures } = await openCache();
  const source = await writePicture(join(pictures, 'a.png'), { width: 200, height: 100 });
  const asked = await Promise.all(Array.from({ length: 5 }, () => cache.get(source, 64)));
  expect(new Set(asked.map(({ path }) => path)).size).toBe(1);
  const { path, etag } = asked[0] as Preview;
  const made = await stat(path);
  expect(await readdir(folder)).toEqual([`${etag}.jpg`]);
  await cache.get(source, 64);
  expect((await stat(path)).ino).toBe(made.ino);

  expect((await cache.get(source, 32)).etag).not.toBe(etag);
  await writePicture(source, { width: 200, height: 100, seed: 2 });
  await utimes(source, new Date(), new Date(Date.now() + 5000));
  const changed = await cache.get(source, 64);
  expect(changed.etag).not.toBe(etag);
  expect((await readFile(changed.path)).equals(await readFile(path))).toBe(false);
});

it('keeps what was used last when there is no room for more', async () => {
  const { cache, folder, engine, pictures } = await openCache();
  const made: Preview[] = [];
  for (let seed = 1; seed <= 4; seed++) {
    const source = await writePicture(join(pictures, `${seed}.png`), { width: 200, height: 100, seed });
    made.push(await cache.get(source, 64));
  }
  const sizes = await Promise.all(made.map(async ({ path }) => (await stat(path)).size));
  const room = sizes.reduce((sum, size) => sum + size, 0);
  for (const [index, { path }] of made.entries()) {
    const then = new Date(Date.now() - (10 - index) * 1000);
    await utimes(path, then, then);
  }
  // The first was used again since.
  await cache.get(join(pictures, '1.png'), 64);
  const old = new Date(Date.now() - 2 * 60 * 60 * 1000);
  await writeFile(join(folder, '.left.part'), 'x');
  await utimes(join(folder, '.left.part'), old, old);
  await PreviewCache.open(folder, engine, room - 1);
  const left = await readdir(folder);
  expect(left).toContain(`${made[0]?.etag}.jpg`);
  expect(left).not.toContain(`${made[1]?.etag}.jpg`);
  expect(left).not.toContain('.left.part');
});

it('says what is not there, and what is no picture', async () => {
  const { cache, pictures } = await openCache();
  const [missing, text] = [join(pictures, 'a.png'), join(pictures, 'b.png')];
  await writeFile(text, 'no picture');
  await expect(cache.get(missing, 64)).rejects.toMatchObject({ code: 'not-found', file: missing });
  await expect(cache.get(pictures, 64)).rejects.toMatchObject({ code: 'not-found' });
  await expect(cache.get(text, 64)).rejects.toMatchObject({ code: 'unsupported-format', file: text });
  // Nothing of it stands in the way of the picture that follows.
  await rm(text);
  await writePicture(text);
  expect(await cache.get(text, 64)).toMatchObject({ etag: expect.any(String) });
});
