import { execFileSync } from 'node:child_process';
import { access, link, mkdir, readdir, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../../support/pictures.ts';
import { contentsOf, identityOf, openExports } from './made-up-results.ts';

const folder = (out: Awaited<ReturnType<Awaited<ReturnType<typeof openExports>>['outAt']>>) => ({
  kind: 'folder' as const,
  out,
  onCollision: 'number' as const,
});

it('mirrors the folders of the results, in files as they were written', async () => {
  const { service, batchOf, ended, outAt } = await openExports('desktop');
  const { what, out } = await batchOf(['a.png', 'trip/day 1/b.png', 'trip/Zoë.png']);
  await utimes(join(out, 'a.png'), 1000, 2000);
  const target = await temporaryFolder();
  const created = await service.create({ what, to: folder(await outAt(target)) });
  expect(created).toMatchObject({
    id: 1,
    kind: 'folder',
    target,
    filesTotal: 3,
    bytesTotal: 34,
    problems: [],
  });
  expect(await ended(created.id)).toEqual({
    ...{ id: 1, kind: 'folder', state: 'done', target, skipped: 0, problems: [] },
    ...{ filesDone: 3, filesTotal: 3, bytesDone: 34, bytesTotal: 34 },
  });
  expect(await contentsOf(target)).toEqual(await contentsOf(out));
  expect((await stat(join(target, 'a.png'))).mtimeMs).toBe(2_000_000);
});

it.each([
  ['skip', 1, { 'a.png': 'old', 'b.png': 'b.png' }],
  ['number', 0, { 'a (2).png': 'a.png', 'a.png': 'old', 'b.png': 'b.png' }],
  ['overwrite', 0, { 'a.png': 'a.png', 'b.png': 'b.png' }],
] as const)('with %s where a file stands', async (onCollision, skipped, left) => {
  const { service, batchOf, ended, outAt } = await openExports();
  const { what } = await batchOf(['a.png', 'b.png']);
  const target = await temporaryFolder();
  await writeFile(join(target, 'a.png'), 'old');
  const { id } = await service.create({ what, to: { ...folder(await outAt(target)), onCollision } });
  const end = await ended(id);
  expect(end).toMatchObject({ state: 'done', skipped, filesDone: 2 - skipped, problems: [] });
  expect(end.bytesDone).toBe(end.bytesTotal);
  expect(await contentsOf(target)).toEqual(left);
});

it('puts results of several batches side by side, and single files where they belong', async () => {
  const { service, jobs, batchOf, ended, outAt } = await openExports();
  const [first, second] = [await batchOf(['a.png', 'sub/b.png']), await batchOf(['A.png', 'c.png'])];
  const target = await temporaryFolder();
  const to = folder(await outAt(target));
  const both = { kind: 'batches' as const, batchIds: [first.id, second.id, first.id] };
  await ended((await service.create({ what: both, to })).id);
  expect(Object.keys(await contentsOf(target))).toEqual(['A (2).png', 'a.png', 'c.png', 'sub/b.png']);

  const files = await jobs.files(first.id);
  const single = await temporaryFolder();
  const what = { kind: 'files' as const, fileIds: [files[1]?.id as number] };
  await ended((await service.create({ what, to: folder(await outAt(single)) })).id);
  expect(await contentsOf(single)).toEqual({ 'sub/b.png': 'sub/b.png' });
});

it('names what is gone, is a link now or was never made, and exports the rest', async () => {
  const { service, jobs, batchOf, ended, outAt } = await openExports();
  const skipped = { source: '/in/d.png', ended: { state: 'skipped' as const, reason: 'there' } };
  const { id: batch, out } = await batchOf(['a.png', 'b.png', 'c.png'], { ended: [skipped] });
  await rm(join(out, 'a.png'));
  await rm(join(out, 'b.png'));
  await symlink('/etc/hostname', join(out, 'b.png'));
  const files = await jobs.files(batch);
  const what = { kind: 'files' as const, fileIds: [...files.map(({ id }) => id), 999] };
  const target = await temporaryFolder();
  const { id } = await service.create({ what, to: folder(await outAt(target)) });
  expect(await ended(id)).toMatchObject({
    ...{ state: 'done', filesDone: 1, filesTotal: 5 },
    problems: [
      expect.stringContaining(join(out, 'a.png')),
      expect.stringContaining(join(out, 'b.png')),
      expect.stringContaining('/in/d.png'),
      expect.stringContaining('999'),
    ],
  });
  expect(Object.keys(await contentsOf(target))).toEqual(['c.png']);
  const none = { kind: 'files' as const, fileIds: [files[0]?.id as number] };
  await expect(service.create({ what: none, to: folder(await outAt(target)) })).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringContaining(join(out, 'a.png')),
  });
});

it('never replaces an original, whichever batch it is of, nor a result that is exported', async () => {
  const { service, batchOf, ended, outAt } = await openExports();
  const target = await temporaryFolder();
  await writeFile(join(target, 'a.png'), 'original');
  await writeFile(join(target, 'other.png'), 'original too');
  await link(join(target, 'other.png'), join(target, 'b.png'));
  await batchOf(['x.png'], { sources: [await identityOf(join(target, 'other.png'))] });
  const { what } = await batchOf(['a.png', 'b.png', 'c.png'], {
    sources: [await identityOf(join(target, 'a.png'))],
  });
  const to = { ...folder(await outAt(target)), onCollision: 'overwrite' as const };
  const { id } = await service.create({ what, to });
  expect(await ended(id)).toMatchObject({
    ...{ state: 'done', filesDone: 1 },
    problems: [
      expect.stringContaining(`${join(target, 'a.png')}: is one of the sources`),
      expect.stringContaining(`${join(target, 'b.png')}: is one of the sources`),
    ],
  });
  expect(await contentsOf(target)).toEqual({
    'a.png': 'original',
    'b.png': 'original too',
    'c.png': 'c.png',
    'other.png': 'original too',
  });
});

it.each(['number', 'overwrite'] as const)(
  'refuses, with %s, the folder where the results are',
  async (onCollision) => {
    const { service, batchOf, ended, outAt } = await openExports();
    const { what, out } = await batchOf(['a.png']);
    const { id } = await service.create({ what, to: { ...folder(await outAt(out)), onCollision } });
    expect(await ended(id)).toMatchObject({
      ...{ state: 'done', filesDone: 0, bytesDone: 5 },
      problems: [expect.stringContaining(`${join(out, 'a.png')}: is the result itself`)],
    });
    expect(await contentsOf(out)).toEqual({ 'a.png': 'a.png' });
  },
);

it('a folder or file in the way costs that result only', async () => {
  const { service, batchOf, ended, outAt } = await openExports();
  const { what } = await batchOf(['a.png', 'sub/b.png', 'c.png']);
  const target = await temporaryFolder();
  await mkdir(join(target, 'a.png'));
  await writeFile(join(target, 'sub'), 'a file');
  const to = { ...folder(await outAt(target)), onCollision: 'overwrite' as const };
  const { id } = await service.create({ what, to });
  expect(await ended(id)).toMatchObject({
    ...{ state: 'done', filesDone: 1 },
    problems: [expect.stringContaining('a.png'), expect.stringContaining(join(target, 'sub'))],
  });
  expect(await contentsOf(target)).toEqual({ 'c.png': 'c.png', sub: 'a file' });
});

it('stops when cancelled, and leaves whole files only', async () => {
  const { service, hub, batchOf, ended, outAt } = await openExports();
  const large = Buffer.alloc(64 << 20, 'x');
  const names = ['a.png', 'b.png', 'c.png', 'd.png', 'e.png', 'f.png'];
  const { what } = await batchOf(names, { contents: () => large });
  const target = await temporaryFolder();
  const { id } = await service.create({ what, to: folder(await outAt(target)) });
  for await (const { exports } of hub.read(new AbortController().signal)) {
    if (exports?.some((one) => one.bytesDone > 0)) break;
  }
  await service.cancel(id);
  const left = await readdir(target);
  const { state, filesDone } = await ended(id);
  expect([state, left.length]).toEqual(['cancelled', filesDone]);
  for (const name of left) expect((await stat(join(target, name))).size).toBe(large.length);
  // What has ended stays as it is.
  await service.cancel(id);
  await expect(service.cancel(99)).rejects.toMatchObject({ code: 'not-found' });
});

it('says at once that a folder cannot be written to, that there is nothing, or that it is none of the user’s', async () => {
  const { service, batchOf, outAt } = await openExports();
  const { what, out } = await batchOf(['a.png']);
  const to = folder(await outAt(out));
  const file = { ...to, out: await outAt(join(out, 'a.png')) };
  const caught = (call: Promise<unknown>) =>
    call.then(
      () => 'done',
      ({ code }) => code,
    );
  const codes = [
    await caught(service.create({ what, to: { ...to, out: { kind: 'kept' } } })),
    await caught(service.create({ what, to: file })),
    await caught(service.create({ what, to: { ...to, out: { kind: 'token', token: 'older' } } })),
    await caught(service.create({ what: { kind: 'batches', batchIds: [99] }, to })),
  ];
  expect(codes).toEqual(['bad-argument', 'bad-argument', 'not-found', 'not-found']);
  const { what: desktop } = await (await openExports('desktop')).batchOf(['a.png']);
  expect(
    await caught((await openExports('desktop')).service.create({ what: desktop, to: { kind: 'download' } })),
  ).toBe('bad-argument');
});

/** A file system of so many bytes, where root may make one. */
async function smallDisk(bytes: number): Promise<string | undefined> {
  const folder = await temporaryFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  onTestFinished(() => void execFileSync('umount', [folder]));
  return folder;
}

it('a full disk ends it in words, and whole files only are left', async ({ skip }) => {
  const disk = await smallDisk(3 << 20);
  if (disk === undefined) return skip('mounting a small file system takes root');
  const { service, batchOf, ended, outAt } = await openExports();
  const { what } = await batchOf(['a.png', 'b.png', 'c.png'], { contents: () => Buffer.alloc(2 << 20, 'x') });
  const to = folder(await outAt(disk));
  const { id } = await service.create({ what, to });
  expect(await ended(id)).toMatchObject({
    ...{ state: 'failed', filesDone: 1, filesTotal: 3 },
    problems: [expect.stringMatching(/b\.png: the disk is full\. Make room and export again\./)],
  });
  expect(await readdir(disk)).toEqual(['a.png']);
  const zip = await service.create({ what, to: { kind: 'zip', out: to.out, name: 'all' } });
  expect(await ended(zip.id)).toMatchObject({
    state: 'failed',
    problems: [expect.stringMatching(/all\.zip: the disk is full/)],
  });
  expect(await readdir(disk)).toEqual(['a.png']);
  await access(join(disk, 'a.png'));
});

it('says where an export has ended, so that it can be shown', async () => {
  const { service, batchOf, ended, outAt } = await openExports('desktop');
  const { what } = await batchOf(['a.png']);
  const out = await outAt(await temporaryFolder());
  const files = await ended((await service.create({ what, to: folder(out) })).id);
  const zip = await ended((await service.create({ what, to: { kind: 'zip', out, name: 'all' } })).id);
  expect([service.target(files.id), service.target(zip.id)]).toEqual([files.target, zip.target]);
  expect(() => service.target(zip.id + 1)).toThrow(/nothing to show/);
});
