import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writePicture } from '../support/pictures.ts';
import { enlarger, filesIn, MERE_USER, makePictures, open, QUICK } from './support.ts';

const complaints = (stdout: string, root: string) =>
  stdout.replaceAll(`${root}/`, '').match(/^[✗–] .*$/gm) ?? [];

describe('an output folder', () => {
  it.each(['file', join('file', 'below')])(
    'that cannot be made (%s) ends the run before it begins',
    async (name) => {
      const root = await makePictures(['a.jpg']);
      await writeFile(join(root, 'file'), 'in the way');
      const ended = await enlarger(['enhance', 'in', '--out', name, ...QUICK], { cwd: root });
      expect(ended).toEqual({
        exit: 3,
        stdout: '',
        stderr: expect.stringMatching(
          `^✗ ${join(root, name)}: cannot be written to \\(.+\\)\\. Choose another --out, or change its permissions\\.\n$`,
        ),
      });
      expect(await filesIn(root)).toEqual(['file', join('in', 'a.jpg')]);
    },
  );

  it('with a file where a folder must be fails what belongs there, and only that', async () => {
    const root = await makePictures(['a.jpg']);
    await mkdir(join(root, 'in', 'sub'));
    await writePicture(join(root, 'in', 'sub', 'b.jpg'));
    await mkdir(join(root, 'out'));
    await writeFile(join(root, 'out', 'sub'), 'in the way');
    const args = ['enhance', 'in', '--recursive', '--out', 'out', ...QUICK];
    const { exit, stdout } = await enlarger(args, { cwd: root });
    expect([exit, complaints(stdout, root), await filesIn(join(root, 'out'))]).toEqual([
      1,
      [
        expect.stringMatching(
          /^✗ in\/sub\/b\.jpg: out\/sub: this folder for results cannot be made \(.+\)\. Make room or choose another --out\.$/,
        ),
      ],
      ['a-x2.jpg', 'sub'],
    ]);
  });

  it('with a folder where a result must be does not lose it', async () => {
    const root = await makePictures(['a.jpg', 'b.jpg']);
    await mkdir(join(root, 'out', 'a-x2.jpg'), { recursive: true });
    await writeFile(join(root, 'out', 'a-x2.jpg', 'keep'), '');
    const args = ['enhance', 'in', '--out', 'out', '--on-collision', 'overwrite', ...QUICK];
    const { exit, stdout } = await enlarger(args, { cwd: root });
    expect([exit, complaints(stdout, root), await filesIn(join(root, 'out'))]).toEqual([
      1,
      [
        '✗ in/a.jpg: out/a-x2.jpg: a folder of that name is there. ' +
          'Move it away, or choose another --out or --name.',
      ],
      [join('a-x2.jpg', 'keep'), 'b-x2.jpg'],
    ]);
  });

  it('inside a folder of sources is not enlarged again', async () => {
    const root = await makePictures(['a.jpg']);
    const args = ['enhance', 'in', '--recursive', '--out', join('in', 'large'), ...QUICK];
    const exits = [(await enlarger(args, { cwd: root })).exit, (await enlarger(args, { cwd: root })).exit];
    expect([exits, await filesIn(join(root, 'in'))]).toEqual([
      [0, 0],
      ['a.jpg', join('large', 'a-x2.jpg')],
    ]);
  });
});

/** Whether a user without rights can run the program at all. */
async function isReachable(): Promise<boolean> {
  return (await enlarger(['--version'], { cwd: '/', ...MERE_USER })).exit === 0;
}

describe.skipIf(process.platform === 'win32')('without permission (Windows has other ones)', () => {
  it('to write, nothing is done', async ({ skip }) => {
    skip(!(await isReachable()), 'other users cannot enter the folder of this repository');
    const root = await makePictures(['a.jpg']);
    await open(root);
    await mkdir(join(root, 'out'));
    await chmod(join(root, 'out'), 0o555);
    const { exit, stderr } = await enlarger(['enhance', 'in', '--out', 'out', ...QUICK], {
      cwd: root,
      env: { TMPDIR: root, ENLARGER_HOME: join(root, 'home') },
      ...MERE_USER,
    });
    expect([exit, stderr]).toEqual([
      3,
      expect.stringMatching(
        /^✗ .+\/out: cannot be written to \(EACCES: .+\)\. Choose another --out, or change its permissions\.\n$/,
      ),
    ]);
  });

  it.for([
    ['make', 0o755, 'new', 'the folder of the journal cannot be used (EACCES'],
    ['enter', 0o000, '', 'the folder of the journal cannot be used (EACCES'],
    ['write to', 0o555, '', 'journal.db: the journal cannot be opened'],
  ] as const)('to %s the folder of the journal, it is named', async ([_, mode, name, words], { skip }) => {
    skip(!(await isReachable()), 'other users cannot enter the folder of this repository');
    const root = await makePictures([]);
    await open(root);
    const closed = join(root, 'closed');
    await mkdir(closed, { mode });
    const home = join(closed, name);
    const { exit, stderr } = await enlarger(['jobs'], {
      cwd: '/',
      env: { ENLARGER_HOME: home },
      ...MERE_USER,
    });
    expect([exit, stderr]).toEqual([3, expect.stringContaining(words)]);
    expect(stderr).toMatch(/^✗ /);
    expect(stderr).toContain(resolve(home));
    expect(stderr).toMatch(/[Cc]hange (its|the) permissions/);
  });

  it('to read, a file and a folder are named, and the rest is done', async ({ skip }) => {
    skip(!(await isReachable()), 'other users cannot enter the folder of this repository');
    const root = await makePictures(['a.jpg', 'closed.jpg']);
    await open(root);
    await mkdir(join(root, 'in', 'locked'));
    await writePicture(join(root, 'in', 'locked', 'b.jpg'));
    await chmod(join(root, 'in', 'locked'), 0o000);
    await chmod(join(root, 'in', 'closed.jpg'), 0o000);
    const args = ['enhance', 'in', '--recursive', '--out', 'out', ...QUICK];
    const { exit, stdout } = await enlarger(args, {
      cwd: root,
      env: { TMPDIR: root, ENLARGER_HOME: join(root, 'home') },
      ...MERE_USER,
    });
    await chmod(join(root, 'in', 'locked'), 0o755);
    expect([exit, complaints(stdout, root), await filesIn(join(root, 'out'))]).toEqual([
      1,
      [
        '✗ in/closed.jpg: may not be read. Check its permissions.',
        '✗ in/locked: may not be read. Check its permissions.',
      ],
      ['a-x2.jpg'],
    ]);
  });
});
