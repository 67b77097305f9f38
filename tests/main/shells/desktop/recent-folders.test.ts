import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { JsonFile } from '../../../../src/main/shells/desktop/json-file.ts';
import { RecentFolders, withLatest } from '../../../../src/main/shells/desktop/recent-folders.ts';
import { temporaryFolder } from '../../../support/pictures.ts';

it('remembers ten folders, each once, the latest first', async () => {
  const state = await temporaryFolder();
  const recent = await RecentFolders.open(state);
  for (let n = 0; n < 12; n++) recent.add(`/results/${n}`);
  recent.add('/results/5');
  await recent.settled();
  const again = await RecentFolders.open(state);
  expect(again.paths).toEqual([5, 11, 10, 9, 8, 7, 6, 4, 3, 2].map((n) => `/results/${n}`));
  expect(withLatest(['/a', '/b'], '/b')).toEqual(['/b', '/a']);
});

it.each(['', '{', '"text"', '[1]'])('begins anew with a file that holds %j', async (text) => {
  const state = await temporaryFolder();
  await writeFile(join(state, 'recent-folders.json'), text);
  expect((await RecentFolders.open(state)).paths).toEqual([]);
});

it('writes in order, and what cannot be written is nobody’s failure', async () => {
  const state = await temporaryFolder();
  const path = join(state, 'n.json');
  const file = new JsonFile(path, z.int());
  await Promise.all([1, 2, 3].map((n) => file.write(n)));
  expect([await file.read(), await readFile(path, 'utf8')]).toEqual([3, '3\n']);
  const nowhere = new JsonFile(join(path, 'below-a-file.json'), z.int());
  await nowhere.write(1);
  expect(await nowhere.read()).toBeUndefined();
});
