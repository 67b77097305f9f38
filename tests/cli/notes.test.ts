import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writePicture } from '../support/pictures.ts';
import { enlarger, linesOf, makePictures, QUICK } from './support.ts';

it('what becomes of formats that are not written is said before the start, once for all', async () => {
  const root = await makePictures([]);
  for (const name of ['a.gif', 'b.gif']) await writePicture(join(root, 'in', name));
  const note = 'Written as png: Enlarger does not write gif.';
  const words = await enlarger(['enhance', 'in', '--out', 'words', ...QUICK], { cwd: root });
  const [first = '', second = ''] = words.stdout.split('\n');
  expect([words.exit, first]).toEqual([0, `– 2 pictures: ${note}`]);
  expect(second).toMatch(/^Enlarging 2 pictures/);
  const json = await enlarger(['enhance', 'in', '--out', 'json', '--json', ...QUICK], { cwd: root });
  expect(linesOf(json.stdout)[1]).toEqual({ event: 'note', note, files: 2 });
});
