import { link, mkdir, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Workshop } from '../../../src/main/batch/batch-runner.ts';
import { type Batch, prepareBatch, type Recipe } from '../../../src/main/batch/prepare-batch.ts';
import { cutShort, temporaryFolder, writeAnimation, writePicture } from '../../support/pictures.ts';
import { reached } from '../engine/supervisor/support.ts';
import { recipeFor } from '../real-engine.ts';
import { openWorkshop, queue, work } from './batch-run.ts';

/** Prepares `in` for `out`, both in `root`; without a workshop of its own, by a journal that knows nothing. */
async function prepare(
  root: string,
  change: Partial<Recipe> = {},
  recursive = false,
  workshop?: Workshop,
): Promise<Batch> {
  const recipe = await recipeFor(join(root, 'out'), change);
  return prepareBatch([join(root, 'in')], recursive, recipe, workshop ?? (await openWorkshop()));
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
    skipped: skipped.map(({ source, target, reason }) => [from(source), from(target), reason]),
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
      [['in/b.jpg'], [['in/a.jpg', 'out/a-x2.jpg', 'another picture of that name is there']]],
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
    expect([...batch.sources.values()].sort()).toEqual(found.map(({ dev, ino }) => `${dev}:${ino}`).sort());
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

describe('an engine that cannot be kept running', () => {
  it('ends it all: no picture is refused for it', async () => {
    const root = await folderOfPictures();
    for (const name of ['a.jpg', 'b.jpg']) await writePicture(join(root, 'in', name));
    const workshop = await openWorkshop({ deaths: 1 });
    const broken = reached(workshop.engine, 'broken');
    process.kill(workshop.engine.pid, 'SIGKILL');
    await broken;
    const preparing = prepare(root, {}, false, workshop);
    await expect(preparing).rejects.toMatchObject({ code: 'engine-unavailable' });
  });
});

describe('a source of which a result was made before', () => {
  const DONE = ['in/a.jpg', 'out/a-x2.jpg', 'done before'];
  const OTHER = ['in/a.jpg', 'out/a-x2.jpg', 'another picture of that name is there'];

  /** A folder with `a.jpg`, enlarged. */
  async function enlarged() {
    const root = await folderOfPictures();
    await writePicture(join(root, 'in', 'a.jpg'));
    const workshop = await openWorkshop();
    await work(workshop, await queue(root, workshop));
    const prepared = async (change: Partial<Recipe>) => {
      const { files, skipped } = told(root, await prepare(root, change, false, workshop));
      return [...files.map(([source]) => source), ...skipped];
    };
    return { root, prepared };
  }

  it.each(['skip', 'overwrite'] as const)('with %s is not done again', async (onCollision) => {
    const { root, prepared } = await enlarged();
    expect(await prepared({ onCollision })).toEqual([DONE]);
    const touched = join(root, 'in', 'a.jpg');
    await utimes(touched, 1, 1);
    expect(await prepared({ onCollision })).toEqual([DONE]);
  });

  it('and that has changed is done again to overwrite, and else said to be left', async () => {
    const { root, prepared } = await enlarged();
    await writePicture(join(root, 'in', 'a.jpg'), { seed: 2 });
    expect(await prepared({ onCollision: 'skip' })).toEqual([OTHER]);
    expect(await prepared({ onCollision: 'overwrite' })).toEqual(['in/a.jpg']);
  });

  it('is done again in another way, under another name, and to have it twice', async () => {
    const { prepared } = await enlarged();
    const { plan } = await recipeFor('');
    const again = ['in/a.jpg'];
    expect(await prepared({ onCollision: 'overwrite', quality: 50 })).toEqual(again);
    expect(await prepared({ onCollision: 'overwrite', removeGps: true })).toEqual(again);
    const tile = { width: 48, height: 48 };
    expect(await prepared({ onCollision: 'overwrite', plan: { ...plan, tile } })).toEqual(again);
    expect(await prepared({ template: '{name} large' })).toEqual(again);
    expect(await prepared({ onCollision: 'number' })).toEqual(again);
  });

  it('is done again where its result was changed', async () => {
    const { root, prepared } = await enlarged();
    await writeFile(join(root, 'out', 'a-x2.jpg'), 'another program');
    expect(await prepared({ onCollision: 'skip' })).toEqual([OTHER]);
    expect(await prepared({ onCollision: 'overwrite' })).toEqual(['in/a.jpg']);
  });
});

describe('a target that is a source', () => {
  it('is refused where it would be replaced, also that of one without a result', async () => {
    const root = await folderOfPictures();
    for (const name of ['a.jpg', 'b.jpg']) await writePicture(join(root, 'in', name));
    await writeFile(join(root, 'in', 'letter.jpg'), 'Dear Ansel,');
    await mkdir(join(root, 'out'));
    await link(join(root, 'in', 'letter.jpg'), join(root, 'out', 'a-x2.jpg'));
    const batch = await prepare(root, { onCollision: 'overwrite' });
    const [source, target] = [join(root, 'in', 'a.jpg'), join(root, 'out', 'a-x2.jpg')];
    expect(told(root, batch)).toEqual({
      files: [['in/b.jpg', 'out/b-x2.jpg', 'jpeg']],
      skipped: [],
      refused: [
        ['unsupported-format', 'in/letter.jpg'],
        ['collision', 'in/a.jpg'],
      ],
    });
    const advice = 'Originals are never replaced; choose another --out or --name.';
    expect(batch.refused[1]?.message).toBe(`${source}: ${target}: is one of the sources. ${advice}`);
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
