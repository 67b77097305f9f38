import { execFile } from 'node:child_process';
import { link, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
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
    await symlink('../out/old-x2.jpg', join(root, 'in/old.jpg'));
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

  it.skipIf(process.platform !== 'linux')(
    'includes names that are no text (other systems have none)',
    async () => {
      const root = await makeTree(['in/a.jpg']);
      const odd = Buffer.concat([
        Buffer.from(`${root}/in/`),
        Buffer.from([0x66, 0xff, 0xfe]),
        Buffer.from('.jpg'),
      ]);
      await writeFile(odd, 'a picture');
      const { sources, problems } = await collect(root, ['in']);
      expect([sources, problems]).toEqual([
        [['in/a.jpg', '']],
        [['not-found', 'in/f\ufffd\ufffd.jpg: there is no such file or folder.']],
      ]);
    },
  );

  it.skipIf(process.platform === 'win32')(
    'includes folders so deep that they have no path, and what is above them is found',
    async () => {
      const root = await makeTree(['in/a.jpg']);
      const deep = { name: 'd'.repeat(200), levels: 30 };
      // No single path reaches so deep: each folder is made from inside the one above it.
      const script = `cd "$1" && for i in $(seq ${deep.levels}); do mkdir ${deep.name} && cd -P ${deep.name} || exit 1; done && : > b.jpg`;
      await promisify(execFile)('sh', ['-c', script, 'sh', join(root, 'in')]);
      onTestFinished(async () => {
        await promisify(execFile)('rm', ['-rf', root]);
      });
      const { sources, problems } = await collect(root, ['in'], { recursive: true });
      expect(sources).toEqual([['in/a.jpg', '']]);
      expect(problems).toEqual([
        ['not-found', expect.stringMatching(/a name longer than this file system has\.$/)],
      ]);
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

describe('pictures that are not read', () => {
  it('are named with what helps; what is no picture is left out without a word', async () => {
    const root = await makeTree([
      'in/IMG_1.CR2',
      'in/IMG_1.JPG',
      'in/drawing.svg',
      'in/layers.psd',
      'in/new.jxl',
      'in/notes.txt',
      'in/report.pdf',
      'in/movie.mp4',
      'in/._IMG_1.CR2',
      'in/noextension',
    ]);
    const { sources, problems } = await collect(root, ['in']);
    expect(sources).toEqual([['in/IMG_1.JPG', '']]);
    expect(problems).toEqual([
      [
        'unsupported-format',
        expect.stringMatching(/^in\/IMG_1\.CR2: Camera raw files cannot be read\. .*darktable/),
      ],
      ['unsupported-format', expect.stringMatching(/^in\/drawing\.svg: Drawings \(SVG\) cannot be read\. /)],
      ['unsupported-format', expect.stringMatching(/^in\/layers\.psd: Photoshop files cannot be read\. /)],
      ['unsupported-format', expect.stringMatching(/^in\/new\.jxl: JPEG XL pictures cannot be read\. /)],
    ]);
  });
});
