import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { preview } from '../../../src/engine/codec/preview.ts';
import { temporaryFolder, writePicture } from '../../support/pictures.ts';

const HEIC = join(import.meta.dirname, '..', '..', 'fixtures', 'heic');

/** Makes a preview and tells what it is, and that nothing else was left beside it. */
async function shown(source: string, side = 64) {
  const folder = join(await temporaryFolder(), 'previews');
  await mkdir(folder);
  const target = join(folder, 'p.jpg');
  const facts = await preview({ source, target, width: side, height: side });
  const { format, width, height, space, icc, orientation } = await sharp(target).metadata();
  expect(facts).toEqual({ width, height, bytes: expect.any(Number) });
  expect(await readdir(folder)).toEqual(['p.jpg']);
  return { target, what: { format, width, height, space }, plain: !icc && !orientation };
}

describe('a preview', () => {
  it.each(['a.jpg', 'a.png', 'a.webp', 'a.tif', 'a.gif', 'a.avif'])('of %s fits its box', async (name) => {
    const source = await writePicture(join(await temporaryFolder(), name), { width: 300, height: 200 });
    const { what, plain } = await shown(source);
    expect([what, plain]).toEqual([{ format: 'jpeg', width: 64, height: 43, space: 'srgb' }, true]);
  });

  it.each([
    ['deep', { deep: true }],
    ['gray with transparency', { bands: 2 as const }],
    ['transparent', { bands: 4 as const }],
  ])('of a %s picture is an ordinary JPEG', async (_, options) => {
    const source = await writePicture(join(await temporaryFolder(), 'a.png'), {
      width: 300,
      height: 200,
      ...options,
    });
    expect((await shown(source)).what).toEqual({ format: 'jpeg', width: 64, height: 43, space: 'srgb' });
  });

  it('stands upright', async () => {
    const source = await writePicture(join(await temporaryFolder(), 'a.jpg'), {
      ...{ width: 300, height: 200, orientation: 6 },
    });
    expect((await shown(source)).what).toMatchObject({ width: 43, height: 64 });
  });

  it('shows the colours of a profile in sRGB', async () => {
    const folder = await temporaryFolder();
    const [plain, wide] = [join(folder, 'plain.png'), join(folder, 'wide.png')];
    const green = sharp({ create: { width: 32, height: 32, channels: 3, background: '#32a852' } });
    await green.clone().png().toFile(plain);
    // The same colour, which other samples stand for in Display P3.
    await sharp(plain).withIccProfile('p3').png().toFile(wide);
    const middle = async (file: string) => [
      ...(await sharp(file).extract({ left: 16, top: 16, width: 1, height: 1 }).raw().toBuffer()),
    ];
    const [asStored, asShown] = [await middle(plain), await middle((await shown(wide)).target)];
    expect(await middle(wide)).not.toEqual(asStored);
    for (const channel of [0, 1, 2]) {
      expect(Math.abs((asShown[channel] as number) - (asStored[channel] as number))).toBeLessThanOrEqual(3);
    }
  });

  it('does not enlarge', async () => {
    const source = await writePicture(join(await temporaryFolder(), 'a.png'));
    expect((await shown(source)).what).toMatchObject({ width: 37, height: 29 });
  });

  it.each(['coded', 'deep', 'turned', 'alpha'])('of a HEIC picture (%s) is made, too', async (name) => {
    const source = join(await temporaryFolder(), `${name}.heic`);
    await copyFile(join(HEIC, `${name}.heic`), source);
    expect((await shown(source, 16)).what).toMatchObject({ format: 'jpeg', space: 'srgb' });
  });

  it('of no picture fails in words and leaves nothing behind', async () => {
    const folder = await temporaryFolder();
    const source = join(folder, 'a.jpg');
    await writeFile(source, 'no picture at all');
    await mkdir(join(folder, 'previews'));
    const failed = preview({ source, target: join(folder, 'previews', 'p.jpg'), width: 64, height: 64 });
    await expect(failed).rejects.toMatchObject({ code: 'unsupported-format', file: source });
    expect(await readdir(join(folder, 'previews'))).toEqual([]);
  });
});
