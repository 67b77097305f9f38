import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Batch, prepareBatch, type Recipe } from '../../../src/main/batch/prepare-batch.ts';
import { cutShort, temporaryFolder, writeAnimation, writePicture } from '../../support/pictures.ts';
import { recipeFor, startEngine } from '../real-engine.ts';

async function prepare(root: string, change: Partial<Recipe> = {}, recursive = false): Promise<Batch> {
  const recipe = await recipeFor(join(root, 'out'), change);
  return prepareBatch([join(root, 'in')], recursive, recipe, await startEngine());
}

/** What is to be done, paths relative to `root`. */
function told(root: string, { files, skipped, refused }: Batch) {
  const from = (path = '') => relative(root, path);
  return {
    files: files.map(({ source, target, format, notes }) => [
      from(source.path),
      from(target),
      format,
      ...notes,
    ]),
    skipped: skipped.map(({ source, target }) => [from(source), from(target)]),
    refused: refused.map(({ code, file }) => [code, from(file)]),
  };
}

async function folderOfPictures(): Promise<string> {
  const root = await temporaryFolder();
  await mkdir(join(root, 'in', 'sub'), { recursive: true });
  return root;
}

describe('prepareBatch', () => {
  it('knows what becomes of each picture before the first is touched', async () => {
    const root = await folderOfPictures();
    const into = (name: string) => join(root, 'in', name);
    await writePicture(into('a photo.JPG'));
    await writePicture(into('alpha.png'), { bands: 4 });
    await writePicture(into('deep.tiff'), { deep: true });
    await writeAnimation(into('moving.gif'), 2);
    await writePicture(into('sub/same.webp'));
    await writePicture(into('wide.webp'), { width: 8_192, height: 1 });
    await writeFile(into('letter.jpg'), 'Dear Ansel,');
    expect(told(root, await prepare(root, {}, true))).toEqual({
      files: [
        ['in/a photo.JPG', 'out/a photo-x2.JPG', 'jpeg'],
        ['in/alpha.png', 'out/alpha-x2.png', 'png'],
        ['in/deep.tiff', 'out/deep-x2.tiff', 'tiff'],
        ['in/moving.gif', 'out/moving-x2.png', 'png', 'Written as png: Enlarger does not write gif.'],
        ['in/sub/same.webp', 'out/sub/same-x2.webp', 'webp'],
        [
          'in/wide.webp',
          'out/wide-x2.jpg',
          'jpeg',
          'Written as jpeg: webp ends at 16383 pixels a side and this result has 16384.',
        ],
      ],
      skipped: [],
      refused: [['unsupported-format', 'in/letter.jpg']],
    });
    expect(await readdir(join(root, 'out'))).toEqual([]);
  });

  it('reads sizes upright, and what is in the files', async () => {
    const root = await folderOfPictures();
    await writePicture(join(root, 'in', 'turned.jpg'), { width: 30, height: 20, orientation: 6 });
    await writePicture(join(root, 'in', 'veiled.tif'), { width: 8, height: 9, bands: 2, deep: true });
    const { files } = await prepare(root);
    expect(files.map(({ probe }) => probe)).toEqual([
      { format: 'jpeg', width: 20, height: 30, alpha: false, deep: false, pages: 1 },
      { format: 'tiff', width: 8, height: 9, alpha: true, deep: true, pages: 1 },
    ]);
  });

  it('leaves out what is there already when it shall be skipped, and only then', async () => {
    const root = await folderOfPictures();
    for (const name of ['a.jpg', 'b.jpg']) await writePicture(join(root, 'in', name));
    await mkdir(join(root, 'out'));
    await writeFile(join(root, 'out', 'a-x2.jpg'), 'old');
    const batches = [];
    for (const onCollision of ['skip', 'number', 'overwrite'] as const) {
      const { files, skipped } = told(root, await prepare(root, { onCollision }));
      batches.push([files.map(([source]) => source), skipped]);
    }
    const both = ['in/a.jpg', 'in/b.jpg'];
    expect(batches).toEqual([
      [['in/b.jpg'], [['in/a.jpg', 'out/a-x2.jpg']]],
      [both, []],
      [both, []],
    ]);
  });

  it('counts as sources those that are refused or skipped, too', async () => {
    const root = await folderOfPictures();
    const names = ['a.jpg', 'b.jpg', 'c.jpg'];
    for (const name of names) await writePicture(join(root, 'in', name));
    await writeFile(join(root, 'in', 'b.jpg'), 'not a picture');
    await mkdir(join(root, 'out'));
    await writeFile(join(root, 'out', 'a-x2.jpg'), 'old');
    const batch = await prepare(root);
    const found = await Promise.all(names.map((name) => stat(join(root, 'in', name))));
    expect(told(root, batch).files).toEqual([['in/c.jpg', 'out/c-x2.jpg', 'jpeg']]);
    expect([...batch.sources].sort()).toEqual(found.map(({ dev, ino }) => `${dev}:${ino}`).sort());
  });

  it('sees in a header that cannot be read, not in pixels that cannot', async () => {
    const root = await folderOfPictures();
    await cutShort(await writePicture(join(root, 'in', 'header.jpg')), 0.02);
    await cutShort(await writePicture(join(root, 'in', 'pixels.jpg')), 0.7);
    const batch = told(root, await prepare(root));
    expect([batch.files.map(([source]) => source), batch.refused]).toEqual([
      ['in/pixels.jpg'],
      [['decode-failed', 'in/header.jpg']],
    ]);
  });
});

describe('the output folder', () => {
  it('is made, with the folders above it', async () => {
    const root = await folderOfPictures();
    await prepare(root, { out: join(root, 'not', 'there', 'yet') });
    expect(await readdir(join(root, 'not', 'there', 'yet'))).toEqual([]);
  });

  it.each(['file', 'file/below'])(
    'that cannot be made (%s) ends it all before anything is done',
    async (name) => {
      const root = await folderOfPictures();
      await writeFile(join(root, 'file'), '');
      const out = join(root, name);
      await expect(prepare(root, { out })).rejects.toMatchObject({
        code: 'permission-denied',
        file: out,
        message: expect.stringMatching(
          /cannot be written to \(E.*\)\. Choose another --out, or change its permissions\.$/,
        ),
      });
    },
  );
});
