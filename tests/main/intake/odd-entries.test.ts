import { execFile } from 'node:child_process';
import { link, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { collect, makeTree } from './tree.ts';

describe.skipIf(process.platform === 'win32')('links (Windows lets only administrators make them)', () => {
  it('are followed, to files and to folders', async () => {
    const root = await makeTree(['in/', 'elsewhere/a.jpg', 'elsewhere/album/b.jpg']);
    await symlink('../elsewhere/a.jpg', join(root, 'in/link.jpg'));
    await symlink('../elsewhere/album', join(root, 'in/album'));
    const { sources } = await collect(root, ['in'], { recursive: true });
    expect(sources).toEqual([
      ['in/album/b.jpg', 'album'],
      ['in/link.jpg', ''],
    ]);
  });

  it('that lead upwards end the walk', async () => {
    const root = await makeTree(['in/sub/a.jpg']);
    await symlink('..', join(root, 'in/sub/up'));
    await symlink('.', join(root, 'in/sub/here'));
    expect(await collect(root, ['in'], { recursive: true })).toEqual({
      sources: [['in/sub/a.jpg', 'sub']],
      problems: [],
    });
  });

  it('that lead nowhere or to themselves are named, and the rest goes on', async () => {
    const root = await makeTree(['in/z.jpg']);
    await symlink('gone.jpg', join(root, 'in/broken.jpg'));
    await symlink('loop.jpg', join(root, 'in/loop.jpg'));
    const broken = ['not-found', 'in/broken.jpg: there is no such file or folder.'];
    const loop = ['not-found', 'in/loop.jpg: a symbolic link that leads to itself.'];
    expect(await collect(root, ['in', 'in/broken.jpg', 'in/loop.jpg'])).toEqual({
      sources: [['in/z.jpg', 'in']],
      problems: [broken, loop, broken, loop],
    });
  });

  it('are no way into the output folder', async () => {
    const root = await makeTree(['out/old-x2.jpg', 'in/a.jpg']);
    await symlink('../out', join(root, 'in/results'));
    await symlink('out/old-x2.jpg', join(root, 'result.jpg'));
    const { sources, problems } = await collect(root, ['in', 'result.jpg'], { recursive: true });
    expect(sources).toEqual([['in/a.jpg', 'in']]);
    expect(problems).toMatchObject([
      ['bad-argument', expect.stringContaining("result.jpg: lies inside the output folder 'out'")],
    ]);
  });

  it('make one source of several names', async () => {
    const root = await makeTree(['in/b.jpg']);
    await link(join(root, 'in/b.jpg'), join(root, 'in/a.jpg'));
    await symlink('b.jpg', join(root, 'in/c.jpg'));
    expect((await collect(root, ['in'])).sources).toEqual([['in/a.jpg', '']]);
  });
});

describe('what cannot be read', () => {
  it('is named one by one, and the rest goes on', async () => {
    const root = await makeTree(['a.jpg']);
    const long = `${'x'.repeat(300)}.jpg`;
    const nowhere = (path: string) => ['not-found', `${path}: there is no such file or folder.`];
    expect(await collect(root, ['missing.jpg', 'missing/', 'a.jpg/b.jpg', long, 'a.jpg'])).toEqual({
      sources: [['a.jpg', '']],
      problems: [
        nowhere('missing.jpg'),
        nowhere('missing'),
        nowhere('a.jpg/b.jpg'),
        ['not-found', `${long}: a name longer than this file system has.`],
      ],
    });
  });

  it.skipIf(process.platform === 'win32')(
    'includes pipes, which would be waited for (none on Windows)',
    async () => {
      const root = await makeTree(['in/a.jpg']);
      await promisify(execFile)('mkfifo', [join(root, 'pipe.jpg'), join(root, 'in/pipe.jpg')]);
      expect(await collect(root, ['pipe.jpg', 'in'])).toEqual({
        sources: [['in/a.jpg', 'in']],
        problems: [['unsupported-format', 'pipe.jpg: neither a file nor a folder.']],
      });
    },
  );

  it('is nothing when there is nothing', async () => {
    const root = await makeTree(['in/notes.txt', 'in/sub/a.jpg']);
    expect([await collect(root, ['in']), await collect(root, [])]).toEqual([
      { sources: [], problems: [] },
      { sources: [], problems: [] },
    ]);
  });
});
