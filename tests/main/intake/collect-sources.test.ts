import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collectSources, isWithin } from '../../../src/main/intake/collect-sources.ts';
import { collect, makeTree } from './tree.ts';

describe('collectSources', () => {
  it('takes the pictures of a folder in name order and leaves the folders in it', async () => {
    const root = await makeTree(['in/b.png', 'in/a.JPG', 'in/notes.txt', 'in/sub/c.jpg', 'in/noextension']);
    expect(await collect(root, ['in'])).toEqual({
      sources: [
        ['in/a.JPG', ''],
        ['in/b.png', ''],
      ],
      problems: [],
    });
  });

  it('enters the folders in a folder when asked to, and mirrors them', async () => {
    const root = await makeTree(['in/z.jpg', 'in/2024/06/a.jpg', 'in/2024/b.webp', 'in/empty/']);
    const { sources } = await collect(root, ['in'], { recursive: true });
    expect(sources).toEqual([
      ['in/2024/06/a.jpg', join('2024', '06')],
      ['in/2024/b.webp', '2024'],
      ['in/z.jpg', ''],
    ]);
  });

  it('puts several inputs side by side under their names', async () => {
    const root = await makeTree(['x/one/a.jpg', 'y/two/b.jpg', 'c.jpg']);
    const { sources } = await collect(root, ['x/one', 'c.jpg', 'y/two']);
    expect(sources).toEqual([
      ['x/one/a.jpg', 'one'],
      ['c.jpg', ''],
      ['y/two/b.jpg', 'two'],
    ]);
  });

  it('takes any name: spaces, Unicode, quotes, and words that sound like trouble', async () => {
    const names = [
      '-x.jpg',
      'failed.jpg',
      'it’s 100% #1 & (copy).jpg',
      'new\nline.jpg',
      'фото – 日本語 🌸.jpg',
    ];
    const root = await makeTree(names.map((name) => `in/${name}`));
    const { sources, problems } = await collect(root, ['in']);
    expect({ names: sources.map(([path]) => path.slice('in/'.length)), problems }).toEqual({
      names,
      problems: [],
    });
  });

  it('passes over hidden files, in folders but not where they are named', async () => {
    const root = await makeTree(['in/._a.jpg', 'in/.hidden.png', 'in/a.jpg', 'in/.cache/b.jpg']);
    expect(await collect(root, ['in', 'in/.hidden.png'])).toMatchObject({
      sources: [
        ['in/a.jpg', 'in'],
        ['in/.hidden.png', ''],
      ],
    });
  });

  it('takes a named file whatever its extension', async () => {
    const root = await makeTree(['scan.dat']);
    expect(await collect(root, ['scan.dat'])).toEqual({ sources: [['scan.dat', '']], problems: [] });
  });

  it('takes each file once, however often it is reached', async () => {
    const root = await makeTree(['in/a.jpg', 'in/sub/b.jpg']);
    const { sources } = await collect(root, ['in/a.jpg', 'in', 'in/sub', 'in/../in/a.jpg'], {
      recursive: true,
    });
    expect(sources).toEqual([
      ['in/a.jpg', ''],
      ['in/sub/b.jpg', join('in', 'sub')],
    ]);
  });

  it('tells files apart by device and inode', async () => {
    const root = await makeTree(['a.jpg']);
    const { sources } = await collectSources([join(root, 'a.jpg')], { recursive: false, out: '/nowhere' });
    const { dev, ino } = await stat(join(root, 'a.jpg'));
    expect(sources).toEqual([{ path: join(root, 'a.jpg'), folder: '', identity: `${dev}:${ino}` }]);
  });
});

describe('the output folder', () => {
  it('is not walked when it lies inside a source folder', async () => {
    const root = await makeTree(['in/a.jpg', 'in/out/a-x2.jpg', 'in/outer/b.jpg']);
    const { sources, problems } = await collect(root, ['in'], { recursive: true, out: 'in/out' });
    expect({ sources, problems }).toEqual({
      sources: [
        ['in/a.jpg', ''],
        ['in/outer/b.jpg', 'outer'],
      ],
      problems: [],
    });
  });

  it('holds no sources: what lies in it is refused, the folder itself included', async () => {
    const root = await makeTree(['out/sub/a.jpg', 'outside.jpg']);
    expect(await collect(root, ['out/sub/a.jpg', 'out/sub', 'out', 'outside.jpg'])).toEqual({
      sources: [['outside.jpg', '']],
      problems: ['out/sub/a.jpg', 'out/sub', 'out'].map((path) => [
        'bad-argument',
        `${path}: lies inside the output folder 'out'. Choose another --out, so that sources and results stay apart.`,
      ]),
    });
  });

  it('need not be there', async () => {
    const root = await makeTree(['a.jpg']);
    expect(await collect(root, ['a.jpg'], { out: 'not/there/yet' })).toEqual({
      sources: [['a.jpg', '']],
      problems: [],
    });
  });
});

it('isWithin knows a folder from one whose name begins the same', () => {
  const folder = join('/photos', 'out');
  expect(
    [folder, join(folder, 'a'), '/photos', '/photos/outer'].map((path) => isWithin(path, folder)),
  ).toEqual([true, true, false, false]);
  expect(isWithin('/photos', '/')).toBe(true);
});
