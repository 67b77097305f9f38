import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder, writePicture } from '../support/pictures.ts';
import { enlarger, filesIn, QUICK } from './support.ts';

describe('long names', () => {
  it('of 255 bytes are enlarged, and so are two that only differ where they are cut', async () => {
    const root = await temporaryFolder();
    await mkdir(join(root, 'in'));
    const stem = '日'.repeat(83);
    for (const end of ['x', 'y']) await writePicture(join(root, 'in', `${stem}${end}.jpg`));
    const first = await enlarger(['enhance', 'in', '--out', 'out', ...QUICK], { cwd: root });
    const names = await readdir(join(root, 'out'));
    expect([first.exit, first.stderr, names.length]).toEqual([0, '', 2]);
    expect(Math.max(...names.map((name) => Buffer.byteLength(name)))).toBeLessThanOrEqual(255);
    const numbering = ['enhance', 'in', '--out', 'out', '--on-collision', 'number', ...QUICK];
    const second = await enlarger(numbering, { cwd: root });
    expect([second.exit, (await readdir(join(root, 'out'))).length]).toEqual([0, 4]);
  });

  it.skipIf(process.platform === 'win32')(
    'of folders near the longest path: what has no room fails in words, and the rest is done',
    async () => {
      const root = await temporaryFolder();
      const folders = Array.from({ length: 16 }, () => 'd'.repeat(240));
      const deep = join(root, 'in', ...folders);
      await mkdir(deep, { recursive: true });
      await writePicture(join(root, 'in', 'a.jpg'));
      await writePicture(join(deep, 'b.jpg'));
      const out = join('out', 'o'.repeat(250));
      const { exit, stdout, stderr } = await enlarger(
        ['enhance', 'in', '--recursive', '--out', out, ...QUICK],
        {
          cwd: root,
        },
      );
      expect([exit, stderr]).toEqual([1, '']);
      expect(stdout.match(/^✗ .*$/gm)).toEqual([expect.stringMatching(/\/b\.jpg: .*ENAMETOOLONG/)]);
      expect(await filesIn(join(root, out))).toEqual(['a-x2.jpg']);
    },
  );
});
