import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { pathsOf } from '../../../../src/main/shells/desktop/arguments.ts';

const folder = join(import.meta.dirname, 'pictures');
const absolute = join(folder, 'b.jpg');

describe('the paths among the words that the program was started with', () => {
  it.each([
    ['nothing', ['enlarger'], []],
    ['relative and absolute', ['enlarger', 'a.jpg', absolute], [join(folder, 'a.jpg'), absolute]],
    ['no switches', ['enlarger', '--no-sandbox', '--flag=a.jpg', '-x', 'a.jpg'], [join(folder, 'a.jpg')]],
    ['everything after --', ['enlarger', '--x', '--', '-a.jpg'], [join(folder, '-a.jpg')]],
    ['addresses of files', ['enlarger', pathToFileURL(absolute).href], [absolute]],
    ['no other addresses', ['enlarger', 'https://example.com/a.jpg', 'enlarger://x', 'file://%'], []],
    ['no empty words', ['enlarger', ''], []],
    ['names with blanks and signs', ['enlarger', 'ö & ü #1?.jpg'], [join(folder, 'ö & ü #1?.jpg')]],
  ])('%s', (_, argv, paths) => {
    expect(pathsOf({ argv, packaged: true, folder })).toEqual(paths);
  });

  it('leaves out the folder of the application that Electron is started with while developing', () => {
    const argv = ['electron', '--inspect', '.', 'a.jpg'];
    expect(pathsOf({ argv, packaged: false, folder })).toEqual([join(folder, 'a.jpg')]);
    const separated = ['electron', '.', '--', 'a.jpg'];
    expect(pathsOf({ argv: separated, packaged: false, folder })).toEqual([join(folder, 'a.jpg')]);
  });
});
