import { link, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { cutShort, writePicture } from '../../support/pictures.ts';
import { endings, filesIn, journaled, openWorkshop, pictures, queue, run, work } from './batch-run.ts';

describe('BatchRunner', () => {
  it('enlarges every file into its place and tells of each from start to end', async () => {
    const root = await pictures('a.jpg', 'sub/b.png');
    const jobs: number[] = [];
    const onProgress = (moved: { jobId: number }[]) => jobs.push(...moved.map(({ jobId }) => jobId));
    const { state, events } = await run(root, {}, { onProgress });
    const sizes = [];
    for (const name of ['a-x2.jpg', 'sub/b-x2.png']) {
      const { width, height } = await sharp(join(root, 'out', name)).metadata();
      sizes.push([width, height]);
    }
    expect(sizes).toEqual([
      [74, 58],
      [74, 58],
    ]);
    expect([state, endings(events)]).toEqual([
      'done',
      [
        ['a.jpg', 'done'],
        ['b.png', 'done'],
      ],
    ]);
    expect(events.filter(({ state }) => state === 'started')).toHaveLength(2);
    expect([...new Set(jobs)].sort()).toEqual([1, 2]);
    expect(await filesIn(join(root, 'out'))).toEqual(['a-x2.jpg', 'sub', join('sub', 'b-x2.png')]);
  });

  it('leaves in the journal what the results are', async () => {
    const root = await pictures('a.jpg');
    const workshop = await openWorkshop();
    const batchId = await queue(root, workshop);
    const { events } = await work(workshop, batchId);
    const told = events.find((event) => event.state === 'done');
    const [file] = await workshop.jobs.files(batchId);
    expect(file).toMatchObject({
      state: 'done',
      attempts: 1,
      strikes: 0,
      result: {
        target: join(root, 'out', 'a-x2.jpg'),
        sha256: told?.result.sha256,
        bytes: told?.result.bytes,
        timings: told?.result.milliseconds,
        sourceSha256: await workshop.jobs.fingerprint(join(root, 'in', 'a.jpg')),
      },
    });
    expect(await workshop.jobs.batch(batchId)).toMatchObject({ state: 'done', pixelsDone: 37 * 29 });
  });

  it('fails a broken file alone, by its own name', async () => {
    const root = await pictures('a.jpg', 'b.jpg', 'c.jpg');
    await cutShort(join(root, 'in', 'b.jpg'), 0.7);
    const { state, events } = await run(root);
    const failure = events.find(({ state }) => state === 'failed');
    expect([state, endings(events)]).toEqual([
      'partial',
      [
        ['a.jpg', 'done'],
        ['b.jpg', 'failed'],
        ['c.jpg', 'done'],
      ],
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
    const { events } = await run(root);
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
});

describe('a name that was taken after it had been planned', () => {
  it('is told with number', async () => {
    const root = await pictures('a.jpg', 'b.jpg');
    const workshop = await openWorkshop();
    const batchId = await queue(root, workshop, { onCollision: 'number' });
    await writeFile(join(root, 'out', 'a-x2.jpg'), 'another program');
    const { events } = await work(workshop, batchId);
    const notes = events.map((event) => (event.state === 'done' ? event.result.notes : []));
    expect(notes.flat()).toEqual(['Named a-x2 (2).jpg: the planned name was taken.']);
    expect(await filesIn(join(root, 'out'))).toEqual(['a-x2 (2).jpg', 'a-x2.jpg', 'b-x2.jpg']);
  });

  it('is left with skip', async () => {
    const root = await pictures('a.jpg', 'b.jpg');
    const workshop = await openWorkshop();
    const batchId = await queue(root, workshop);
    await writeFile(join(root, 'out', 'a-x2.jpg'), 'another program');
    const { events } = await work(workshop, batchId);
    expect(endings(events)).toEqual([
      ['a.jpg', 'skipped'],
      ['b.jpg', 'done'],
    ]);
    expect(events.find(({ state }) => state === 'skipped')).toMatchObject({
      reason: 'another file of that name is there',
    });
    expect(await readFile(join(root, 'out', 'a-x2.jpg'), 'utf8')).toBe('another program');
    expect(await filesIn(join(root, 'out'))).toEqual(['a-x2.jpg', 'b-x2.jpg']);
  });

  it('is kept from a result where it is that of a source, also of one that could not be enlarged', async () => {
    const root = await pictures('a.jpg', 'b.jpg');
    const broken = await cutShort(await writePicture(join(root, 'in', 'z.jpg')), 0.7);
    const workshop = await openWorkshop();
    const batchId = await queue(root, workshop, { onCollision: 'overwrite' });
    await link(broken, join(root, 'out', 'a-x2.jpg'));
    await symlink(join(root, 'in', 'b.jpg'), join(root, 'out', 'b-x2.jpg'));
    const before = await Promise.all([broken, join(root, 'in', 'b.jpg')].map((file) => readFile(file)));
    const { events } = await work(workshop, batchId);
    const codes = events.flatMap((event) => (event.state === 'failed' ? [event.error.code] : []));
    expect(codes.sort()).toEqual(['collision', 'collision', 'decode-failed']);
    const after = await Promise.all(
      ['a-x2.jpg', 'b-x2.jpg'].map((name) => readFile(join(root, 'out', name))),
    );
    expect(after).toEqual(before);
    expect(await filesIn(join(root, 'out'))).toEqual(['a-x2.jpg', 'b-x2.jpg']);
  });
});

describe('an original of which no result is made', () => {
  it('is kept from results all the same: one that was refused, and one that was done before', async () => {
    const root = await pictures('a.jpg', 'b.jpg');
    const [into, out] = [join(root, 'in'), join(root, 'out')];
    await writeFile(join(into, 'letter.jpg'), 'Dear Ansel,');
    const workshop = await openWorkshop();
    const overwrite = { onCollision: 'overwrite' } as const;
    await work(workshop, await queue(root, workshop, overwrite));
    await writePicture(join(into, 'a.jpg'), { seed: 9 });
    await writePicture(join(into, 'c.jpg'), { seed: 10 });
    const batchId = await queue(root, workshop, overwrite);
    await rm(join(out, 'a-x2.jpg'));
    await link(join(into, 'b.jpg'), join(out, 'a-x2.jpg'));
    await link(join(into, 'letter.jpg'), join(out, 'c-x2.jpg'));
    await work(workshop, batchId);
    expect(await journaled(workshop, batchId)).toEqual({
      ...{ 'a.jpg': 'collision', 'b.jpg': 'skipped', 'c.jpg': 'collision' },
      'letter.jpg': 'unsupported-format',
    });
    const standing = ['a-x2.jpg', 'c-x2.jpg'].map((name) => readFile(join(out, name)));
    const originals = ['b.jpg', 'letter.jpg'].map((name) => readFile(join(into, name)));
    expect(await Promise.all(standing)).toEqual(await Promise.all(originals));
  });
});

it('a batch of which all that is left is paused is paused, and done once that is resumed', async () => {
  const root = await pictures('a.jpg', 'b.jpg');
  const workshop = await openWorkshop();
  const { jobs } = workshop;
  const batchId = await queue(root, workshop);
  const [, b] = await jobs.files(batchId);
  const paused = [b?.id ?? 0];
  await jobs.pauseFiles(paused);
  const { state, events } = await work(workshop, batchId);
  expect([state, endings(events)]).toEqual(['paused', [['a.jpg', 'done']]]);
  expect(await jobs.batch(batchId)).toMatchObject({ reason: 'every file that is left is paused' });
  await jobs.resumeFiles(paused);
  expect((await jobs.batch(batchId)).state).toBe('queued');
  expect((await work(workshop, batchId)).state).toBe('done');
});

describe('a source that is not what it was when it was queued', () => {
  it.each([
    ['removed', 'not-found', /b\.jpg: there is no such file any more\.$/],
    ['changed', 'source-changed', /b\.jpg: was changed after it had been added\. Add it again/],
    ['no picture any more', 'source-changed', /b\.jpg: was changed/],
  ])('%s: fails with its reason, and the others are done', async (what, code, reason) => {
    const root = await pictures('a.jpg', 'b.jpg', 'c.jpg');
    const workshop = await openWorkshop();
    const batchId = await queue(root, workshop);
    const source = join(root, 'in', 'b.jpg');
    if (what === 'removed') await rm(source);
    else if (what === 'changed') await writePicture(source, { seed: 99, width: 80 });
    else await writeFile(source, 'not a picture');
    const { state, events } = await work(workshop, batchId);
    expect([state, await journaled(workshop, batchId)]).toEqual([
      'partial',
      { 'a.jpg': 'done', 'b.jpg': code, 'c.jpg': 'done' },
    ]);
    expect(events.find((event) => event.state === 'failed')?.error.message).toMatch(reason);
    expect(await filesIn(join(root, 'out'))).toEqual(['a-x2.jpg', 'c-x2.jpg']);
  });

  it('its folder now a file: fails with its reason', async () => {
    const root = await pictures('a.jpg', 'sub/b.jpg');
    const workshop = await openWorkshop();
    const batchId = await queue(root, workshop);
    await rm(join(root, 'in', 'sub'), { recursive: true });
    await writeFile(join(root, 'in', 'sub'), '');
    await work(workshop, batchId);
    expect(await journaled(workshop, batchId)).toEqual({ 'a.jpg': 'done', 'b.jpg': 'not-found' });
  });

  it('added anew, a batch that failed over it is done', async () => {
    const root = await pictures('a.jpg');
    const workshop = await openWorkshop();
    const first = await queue(root, workshop);
    await writePicture(join(root, 'in', 'a.jpg'), { width: 50 });
    expect((await work(workshop, first)).state).toBe('partial');
    expect((await work(workshop, await queue(root, workshop))).state).toBe('done');
  });
});
