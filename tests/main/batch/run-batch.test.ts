import { link, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { cutShort } from '../../support/pictures.ts';
import { endings, filesIn, pictures, run } from './batch-run.ts';

describe('runBatch', () => {
  it('enlarges every file into its place and tells of each from start to end', async () => {
    const root = await pictures('a.jpg', 'sub/b.png');
    const jobs: number[] = [];
    const events = await run(root, {
      options: { onProgress: (moved) => jobs.push(...moved.map(({ jobId }) => jobId)) },
    });
    const sizes = [];
    for (const name of ['a-x2.jpg', 'sub/b-x2.png']) {
      const { width, height } = await sharp(join(root, 'out', name)).metadata();
      sizes.push([width, height]);
    }
    expect(sizes).toEqual([
      [74, 58],
      [74, 58],
    ]);
    expect(endings(events)).toEqual([
      ['a.jpg', 'done'],
      ['b.png', 'done'],
    ]);
    expect(events.filter(({ state }) => state === 'started')).toHaveLength(2);
    expect([...new Set(jobs)].sort()).toEqual([0, 1]);
    expect(await filesIn(join(root, 'out'))).toEqual(['a-x2.jpg', 'sub', join('sub', 'b-x2.png')]);
  });

  it('fails a broken file alone, by its own name', async () => {
    const root = await pictures('a.jpg', 'b.jpg', 'c.jpg');
    await cutShort(join(root, 'in', 'b.jpg'), 0.7);
    const events = await run(root);
    const failure = events.find(({ state }) => state === 'failed');
    expect(endings(events)).toEqual([
      ['a.jpg', 'done'],
      ['b.jpg', 'failed'],
      ['c.jpg', 'done'],
    ]);
    expect(failure).toMatchObject({
      error: {
        code: 'decode-failed',
        message: expect.stringContaining(`${join(root, 'in', 'b.jpg')}: cannot be read`),
      },
    });
    expect(await filesIn(join(root, 'out'))).toEqual(['a-x2.jpg', 'c-x2.jpg']);
  });

  it('fails a file alone whose folder for results cannot be made', async () => {
    const root = await pictures('a.jpg', 'sub/b.jpg');
    await writeFile(join(root, 'out', 'sub'), 'in the way');
    const events = await run(root);
    const failure = events.find(({ state }) => state === 'failed');
    expect(endings(events)).toEqual([
      ['a.jpg', 'done'],
      ['b.jpg', 'failed'],
    ]);
    expect(failure).toMatchObject({
      error: {
        message: expect.stringMatching(
          /b\.jpg: .*sub: this folder for results cannot be made .*another --out\.$/,
        ),
      },
    });
    expect(await readFile(join(root, 'out', 'sub'), 'utf8')).toBe('in the way');
  });

  it('says so when a name was taken after it had been planned', async () => {
    const root = await pictures('a.jpg', 'b.jpg');
    const events = await run(root, {
      recipe: { onCollision: 'number' },
      prepared: () => writeFile(join(root, 'out', 'a-x2.jpg'), 'another program'),
    });
    const notes = events.map((event) => (event.state === 'done' ? event.result.notes : []));
    expect(notes.flat()).toEqual(['Named a-x2 (2).jpg: the planned name was taken.']);
    expect(await filesIn(join(root, 'out'))).toEqual(['a-x2 (2).jpg', 'a-x2.jpg', 'b-x2.jpg']);
  });

  it('skips a file whose result has come to stand there meanwhile', async () => {
    const root = await pictures('a.jpg', 'b.jpg');
    const prepared = () => writeFile(join(root, 'out', 'a-x2.jpg'), 'another program');
    expect(endings(await run(root, { prepared }))).toEqual([
      ['a.jpg', 'skipped'],
      ['b.jpg', 'done'],
    ]);
    expect(await readFile(join(root, 'out', 'a-x2.jpg'), 'utf8')).toBe('another program');
  });

  it('replaces no source, not even one that could not be enlarged', async () => {
    const root = await pictures('a.jpg', 'b.jpg');
    const broken = join(root, 'in', 'z.jpg');
    await writeFile(broken, 'not a picture');
    await link(broken, join(root, 'out', 'a-x2.jpg'));
    await symlink(join(root, 'in', 'b.jpg'), join(root, 'out', 'b-x2.jpg'));
    const before = await readFile(join(root, 'in', 'b.jpg'));
    const events = await run(root, { recipe: { onCollision: 'overwrite' } });
    expect(events.filter(({ state }) => state !== 'started')).toMatchObject([
      { state: 'failed', error: { code: 'collision' } },
      { state: 'failed', error: { code: 'collision' } },
    ]);
    expect(await readFile(join(root, 'out', 'a-x2.jpg'), 'utf8')).toBe('not a picture');
    expect(await readFile(join(root, 'out', 'b-x2.jpg'))).toEqual(before);
    expect(await filesIn(join(root, 'out'))).toEqual(['a-x2.jpg', 'b-x2.jpg']);
  });
});
