import { link, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { enlarger, filesIn, makePictures, QUICK, snapshot } from './support.ts';

const POLICIES = ['skip', 'number', 'overwrite'];

/** Runs the command line in `root`; resolves to its exit code, its complaints, after making sure that nothing in `in` was touched. */
async function run(root: string, ...args: string[]) {
  const before = await snapshot(join(root, 'in'));
  const { exit, stdout } = await enlarger(['enhance', ...args, ...QUICK], { cwd: root });
  const after = await snapshot(join(root, 'in'));
  expect(after).toMatchObject(before);
  return { exit, complaints: stdout.replaceAll(`${root}/`, '').match(/^[✗–] .*$/gm) ?? [] };
}

const isSource = (target: string, source: string) =>
  `✗ ${source}: ${target}: is one of the sources. Originals are never replaced; choose another --out or --name.`;

describe('originals keep their bytes and their times', () => {
  it.each(POLICIES)('with results beside them (%s)', async (policy) => {
    const root = await makePictures(['a.jpg', 'b.jpg']);
    const { exit } = await run(root, 'in', '--out', 'out', '--on-collision', policy);
    expect([exit, await filesIn(join(root, 'out'))]).toEqual([0, ['a-x2.jpg', 'b-x2.jpg']]);
  });

  it.each(POLICIES)('when the results are named like them and put where they are (%s)', async (policy) => {
    const root = await makePictures(['a.jpg']);
    const { exit, complaints } = await run(
      root,
      'in',
      '--out',
      'in',
      '--name',
      '{name}',
      '--on-collision',
      policy,
    );
    expect([exit, complaints]).toEqual([
      3,
      [
        "✗ in: lies inside the output folder 'in'. Choose another --out, so that sources and results stay apart.",
      ],
    ]);
    expect(await filesIn(root)).toEqual([join('in', 'a.jpg')]);
  });

  it('when one of them lies in the output folder, and the rest is enlarged', async () => {
    const root = await makePictures(['a.jpg', 'b.jpg']);
    await mkdir(join(root, 'in', 'more'));
    await link(join(root, 'in', 'b.jpg'), join(root, 'in', 'more', 'c.jpg'));
    const { exit, complaints } = await run(
      root,
      'in/more/c.jpg',
      'in/a.jpg',
      '--out',
      'in/more',
      '--name',
      '{name}',
    );
    expect({ exit, complaints, files: await filesIn(join(root, 'in')) }).toEqual({
      exit: 1,
      complaints: [expect.stringContaining("in/more/c.jpg: lies inside the output folder 'more'.")],
      files: ['a.jpg', 'b.jpg', join('more', 'a.jpg'), join('more', 'c.jpg')],
    });
  });

  it.skipIf(process.platform === 'win32')('behind links that stand where results go', async () => {
    const root = await makePictures(['a.jpg', 'b.jpg', 'c.jpg']);
    await mkdir(join(root, 'out'));
    await link(join(root, 'in', 'b.jpg'), join(root, 'out', 'a-x2.jpg'));
    await symlink(join('..', 'in', 'b.jpg'), join(root, 'out', 'b-x2.jpg'));
    const overwriting = await run(root, 'in', '--out', 'out', '--on-collision', 'overwrite');
    expect({ ...overwriting, complaints: overwriting.complaints.sort() }).toEqual({
      exit: 1,
      complaints: [isSource('out/a-x2.jpg', 'in/a.jpg'), isSource('out/b-x2.jpg', 'in/b.jpg')],
    });
    expect(await filesIn(join(root, 'out'))).toEqual(['a-x2.jpg', 'b-x2.jpg', 'c-x2.jpg']);
    const numbering = await run(root, 'in', '--out', 'out', '--on-collision', 'number');
    const skipping = await run(root, 'in', '--out', 'out', '--on-collision', 'skip');
    expect([numbering.exit, skipping.exit, await filesIn(join(root, 'out'))]).toEqual([
      0,
      0,
      ['a-x2 (2).jpg', 'a-x2.jpg', 'b-x2 (2).jpg', 'b-x2.jpg', 'c-x2 (2).jpg', 'c-x2.jpg'],
    ]);
  });

  it.skipIf(process.platform === 'win32')('when the output folder is a link to theirs', async () => {
    const root = await makePictures(['a.jpg']);
    await symlink('in', join(root, 'out'));
    const { exit } = await run(root, 'in', '--out', 'out', '--name', '{name}', '--on-collision', 'overwrite');
    expect([exit, await filesIn(join(root, 'in'))]).toEqual([3, ['a.jpg']]);
  });
});
