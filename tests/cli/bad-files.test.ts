import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cutShort } from '../support/pictures.ts';
import { enlarger, filesIn, makePictures, QUICK } from './support.ts';

const TEN = Array.from({ length: 10 }, (_, index) => `photo ${index}.jpg`);

/** The lines that tell of failures, paths relative to `root`. */
const failures = (stdout: string, root: string) =>
  stdout
    .replaceAll(`${root}/`, '')
    .split('\n')
    .filter((line) => line.startsWith('✗'));

describe('bad files', () => {
  it('one among ten: nine results, one line that names it and says why', async () => {
    const root = await makePictures(TEN);
    await cutShort(join(root, 'in', 'photo 3.jpg'), 0.6);
    const { exit, stdout, stderr } = await enlarger(['enhance', 'in', '--out', 'out', ...QUICK], {
      cwd: root,
    });
    expect({ exit, stderr, failures: failures(stdout, root) }).toEqual({
      exit: 1,
      stderr: '',
      failures: [
        expect.stringMatching(
          /^✗ in\/photo 3\.jpg: cannot be read \(.+\)\. The file is damaged or cut short; .+$/,
        ),
      ],
    });
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(
      /^9 done, 1 failed in \d+ s \(\d+\.\d\d megapixels\/s\)$/,
    );
    expect(await filesIn(join(root, 'out'))).toEqual(
      TEN.filter((name) => name !== 'photo 3.jpg').map((name) => name.replace('.jpg', '-x2.jpg')),
    );
  });

  it('of many kinds are each named with what is wrong', async () => {
    const root = await makePictures(['good.jpg', 'good.png', 'headless.jpg']);
    await cutShort(join(root, 'in', 'good.png'), 0.5);
    await cutShort(join(root, 'in', 'headless.jpg'), 0.02);
    await writeFile(join(root, 'in', 'letter.jpg'), 'Dear Ansel, wish you were here.');
    await writeFile(join(root, 'in', 'nothing.png'), '');
    await writeFile(
      join(root, 'in', 'drawing.jpg'),
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    );
    await symlink('gone.jpg', join(root, 'in', 'broken link.jpg'));
    const { exit, stdout } = await enlarger(
      ['enhance', 'in', 'missing.jpg', 'in/good.jpg/below', '--out', 'out', ...QUICK],
      { cwd: root },
    );
    const unreadable =
      'not a picture Enlarger can read. Enlarger reads JPEG, PNG, WebP, TIFF, AVIF, HEIC, GIF and BMP.';
    const damaged =
      /cannot be read \(.+\)\. The file is damaged or cut short; try to get it again from where it came\.$/;
    const saying = (file: string, words: string | RegExp) =>
      expect.stringMatching(typeof words === 'string' ? `✗ ${file}: ${words}` : `✗ ${file}: ${words.source}`);
    expect(failures(stdout, root).sort()).toEqual([
      saying('in/broken link.jpg', 'there is no such file or folder.'),
      saying('in/drawing.jpg', /Drawings \(SVG\) cannot be read\. They have no pixels: .+$/),
      saying('in/good.jpg/below', 'there is no such file or folder.'),
      saying('in/good.png', damaged),
      saying('in/headless.jpg', damaged),
      saying('in/letter.jpg', unreadable),
      saying('in/nothing.png', unreadable),
      saying('missing.jpg', 'there is no such file or folder.'),
    ]);
    expect({ exit, results: await filesIn(join(root, 'out')) }).toEqual({
      exit: 1,
      results: [join('in', 'good-x2.jpg')],
    });
  });

  it('alone: nothing is done, and that is what the exit code says', async () => {
    const root = await makePictures([]);
    const { exit, stdout } = await enlarger(['enhance', 'missing.jpg', '--out', 'out', ...QUICK], {
      cwd: root,
    });
    expect([exit, failures(stdout, root), await filesIn(join(root, 'out'))]).toEqual([
      3,
      ['✗ missing.jpg: there is no such file or folder.'],
      [],
    ]);
  });

  it('with names that would break the line or steer the terminal stay on their line', async () => {
    const root = await makePictures([]);
    await writeFile(join(root, 'in', 'two\nlines \u001b[31mred.jpg'), 'not a picture');
    const { stdout } = await enlarger(['enhance', 'in', '--out', 'out', ...QUICK], { cwd: root });
    expect(failures(stdout, root)).toEqual([
      expect.stringMatching(/^✗ in\/two\ufffdlines \ufffd\[31mred\.jpg: not a picture Enlarger can read\./),
    ]);
  });

  it('a folder without pictures is said to be one', async () => {
    const root = await makePictures([]);
    const { exit, stdout } = await enlarger(['enhance', 'in', '--out', 'out', ...QUICK], { cwd: root });
    expect([exit, stdout.split('\n')[0]]).toEqual([
      3,
      '– No pictures there. Folders inside folders are entered with --recursive.',
    ]);
  });
});
