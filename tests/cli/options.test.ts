import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { OUTPUT_FORMATS } from '../../src/shared/formats.ts';
import { writePicture } from '../support/pictures.ts';
import { enlarger, filesIn, linesOf, makePictures, QUICK } from './support.ts';

/** Enlarges `in` into `out`, both in `root`; resolves to the lines of `--json`. */
async function enhance(root: string, ...args: string[]) {
  const { exit, stdout, stderr } = await enlarger(
    ['enhance', 'in', '--out', 'out', '--json', ...QUICK, ...args],
    {
      cwd: root,
    },
  );
  expect([exit, stderr]).toEqual([0, '']);
  return linesOf(stdout);
}

const outOf = (root: string) => filesIn(join(root, 'out'));

describe('--format', () => {
  it('keeps that of the source where it can, and says where it cannot', async () => {
    const root = await makePictures(['a.JPG', 'b.png', 'c.webp', 'd.tiff', 'e.avif', 'f.gif']);
    const lines = await enhance(root);
    const notes = lines.flatMap(({ result }) => (result as { notes: string[] } | undefined)?.notes ?? []);
    expect(await outOf(root)).toEqual('a-x2.JPG b-x2.png c-x2.webp d-x2.tiff e-x2.avif f-x2.png'.split(' '));
    expect(notes).toEqual(['Written as png: Enlarger does not write gif.']);
  });

  it.each(OUTPUT_FORMATS)('writes %s when asked to', async (format) => {
    const root = await makePictures(['a.png']);
    await enhance(root, '--format', format);
    const [name = ''] = await outOf(root);
    const { format: written, width, height } = await sharp(join(root, 'out', name)).metadata();
    expect([written, width, height]).toEqual([format === 'avif' ? 'heif' : format, 74, 58]);
  });
});

it('--quality makes larger and smaller files', async () => {
  const root = await makePictures(['a.jpg']);
  const sizes: number[] = [];
  for (const quality of ['30', '92', '100']) {
    await enhance(root, '--quality', quality, '--name', quality);
    sizes.push((await readFile(join(root, 'out', `${quality}.jpg`))).length);
  }
  await enhance(root, '--name', 'default');
  expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
  expect(new Set(sizes).size).toBe(3);
  expect((await readFile(join(root, 'out', 'default.jpg'))).length).toBe(sizes[1]);
});

describe('--scale and --model', () => {
  it.each([
    [['--scale', '4'], 4, 'photo-x4'],
    [['--model', 'photo-x4'], 4, 'photo-x4'],
    [[], 2, 'photo-x2'],
  ])('%j enlarges %d times', async (args, scale, model) => {
    const root = await makePictures(['a.png']);
    await enhance(root, '--name', '{model} {scale}', ...args);
    const { width, height } = await sharp(join(root, 'out', `${model} ${scale}.png`)).metadata();
    expect([width, height]).toEqual([37 * scale, 29 * scale]);
  });
});

it('--name fills its tokens for each file', async () => {
  const root = await makePictures(['b.png', 'a b.jpg']);
  await enhance(root, '--name', '{index} {name} ×{scale}');
  expect(await outOf(root)).toEqual(['1 a b ×2.jpg', '2 b ×2.png']);
});

it('--recursive enters folders, mirrors them, and is off where it is not asked for', async () => {
  const root = await makePictures(['a.jpg']);
  await mkdir(join(root, 'in', '2024', 'июнь'), { recursive: true });
  await writePicture(join(root, 'in', '2024', 'июнь', 'failed 🌸.jpg'));
  await enhance(root);
  const flat = await outOf(root);
  await enhance(root, '--recursive');
  expect([flat, await outOf(root)]).toEqual([
    ['a-x2.jpg'],
    [join('2024', 'июнь', 'failed 🌸-x2.jpg'), 'a-x2.jpg'],
  ]);
});

describe('--on-collision', () => {
  it.each([
    ['skip', ['a-x2.jpg', 'b-x2.jpg'], 'old'],
    ['number', ['a-x2 (2).jpg', 'a-x2.jpg', 'b-x2.jpg'], 'old'],
    ['overwrite', ['a-x2.jpg', 'b-x2.jpg'], 'new'],
  ])('%s', async (policy, files, content) => {
    const root = await makePictures(['a.jpg', 'b.jpg']);
    await mkdir(join(root, 'out'));
    await writeFile(join(root, 'out', 'a-x2.jpg'), 'old');
    await enhance(root, '--on-collision', policy);
    const bytes = await readFile(join(root, 'out', 'a-x2.jpg'));
    expect([await outOf(root), bytes.toString('latin1') === 'old' ? 'old' : 'new']).toEqual([files, content]);
  });

  it('skip does only what is left of an earlier run', async () => {
    const root = await makePictures(['a.jpg', 'b.jpg']);
    await enhance(root);
    await rename(join(root, 'out', 'a-x2.jpg'), join(root, 'a.jpg'));
    const lines = await enhance(root);
    const ended = lines.filter(({ event, state }) => event === 'file' && state !== 'started');
    expect(ended.map(({ state, source }) => [state, source])).toEqual([
      ['skipped', join(root, 'in', 'b.jpg')],
      ['done', join(root, 'in', 'a.jpg')],
    ]);
    expect(await readFile(join(root, 'out', 'a-x2.jpg'))).toEqual(await readFile(join(root, 'a.jpg')));
  });
});
