import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { replaceFile } from '../../src/main/replace-file.ts';
import { temporaryFolder } from '../support/pictures.ts';

it('makes the folder, and leaves nothing beside the file', async () => {
  const folder = join(await temporaryFolder(), 'made');
  const path = join(folder, 'settings.json');
  await replaceFile(path, 'old');
  await replaceFile(path, 'new');
  expect([await readFile(path, 'utf8'), await readdir(folder)]).toEqual(['new', ['settings.json']]);
});

it('of many at once, each written whole, one stays', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'settings.json');
  const texts = Array.from({ length: 40 }, (_, at) => `${at} `.repeat(1 + 1000 * (at % 7)));
  await Promise.all(texts.map((text) => replaceFile(path, text)));
  expect(texts).toContain(await readFile(path, 'utf8'));
  expect(await readdir(folder)).toEqual(['settings.json']);
});

it('leaves nothing where it fails', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'settings.json');
  await mkdir(path);
  await expect(replaceFile(path, 'new')).rejects.toMatchObject({ code: 'EISDIR' });
  expect(await readdir(folder)).toEqual(['settings.json']);
});

it('removes what a process left that died over it, once it is an hour old', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'settings.json');
  const leftover = (digit: string, of = 'settings.json') => `${of}.${digit.repeat(16)}.new`;
  const names = [leftover('a'), leftover('b'), leftover('c', 'speeds.json'), 'settings.json.mine.new'];
  for (const name of names) await writeFile(join(folder, name), 'half');
  const old = Date.now() / 1000 - 4000;
  for (const name of names.slice(1)) await utimes(join(folder, name), old, old);
  await replaceFile(path, 'new');
  expect((await readdir(folder)).sort()).toEqual([
    'settings.json',
    leftover('a'),
    'settings.json.mine.new',
    leftover('c', 'speeds.json'),
  ]);
});
