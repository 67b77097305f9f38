import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { link, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type CollisionPolicy, commitResult } from '../../../src/main/batch/commit-result.ts';
import { EnlargerError } from '../../../src/shared/errors.ts';
import { temporaryFolder } from '../../support/pictures.ts';

const NONE: ReadonlySet<string> = new Set();
const POLICIES = ['skip', 'number', 'overwrite'] as const;

/** Commits a file that holds `result` as `name` in `folder`; resolves to the name it got. */
async function commit(
  folder: string,
  name: string,
  policy: CollisionPolicy,
  { result = 'result', sources = NONE, intend = async (_: string) => {} } = {},
): Promise<string | undefined> {
  const temporary = join(folder, `.enlarger-${result}.part`);
  await writeFile(temporary, result);
  const isSource = async (identity: string) => sources.has(identity);
  const target = await commitResult({ temporary, target: join(folder, name), policy, isSource, intend });
  return target?.slice(folder.length + 1);
}

/** The files of a folder, by name, with what they hold; folders are null. */
async function contents(folder: string): Promise<Record<string, string | null>> {
  const entries = await readdir(folder, { withFileTypes: true });
  const read = entries.map(async (entry) => [
    entry.name,
    entry.isDirectory() ? null : await readFile(join(folder, entry.name), 'utf8'),
  ]);
  return Object.fromEntries(await Promise.all(read));
}

async function identitiesOf(...files: string[]): Promise<Set<string>> {
  const found = await Promise.all(files.map((file) => stat(file)));
  return new Set(found.map(({ dev, ino }) => `${dev}:${ino}`));
}

describe('commitResult', () => {
  it.each(POLICIES)('with %s gives a result its name where nothing stands', async (policy) => {
    const folder = await temporaryFolder();
    expect(await commit(folder, 'a.jpg', policy)).toBe('a.jpg');
    expect(await contents(folder)).toEqual({ 'a.jpg': 'result' });
  });

  it.each([
    ['skip', undefined, { 'a.jpg': 'old' }],
    ['number', 'a (2).jpg', { 'a.jpg': 'old', 'a (2).jpg': 'result' }],
    ['overwrite', 'a.jpg', { 'a.jpg': 'result' }],
  ] as const)('with %s where a file stands', async (policy, name, left) => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'a.jpg'), 'old');
    expect(await commit(folder, 'a.jpg', policy)).toBe(name);
    expect(await contents(folder)).toEqual(left);
  });

  it('counts on until a name is free, the longest names included', async () => {
    const folder = await temporaryFolder();
    const long = `${'x'.repeat(251)}.jpg`;
    const names = [];
    for (const name of ['a.jpg', 'a.jpg', 'a.jpg', long, long, long]) {
      names.push(await commit(folder, name, 'number'));
    }
    const cut = 'x'.repeat(247);
    expect(names).toEqual(['a.jpg', 'a (2).jpg', 'a (3).jpg', long, `${cut} (2).jpg`, `${cut} (3).jpg`]);
    expect(Object.keys(await contents(folder)).sort()).toEqual([...names].sort());
  });

  it('loses nothing when many want one name at the same time', async () => {
    const folder = await temporaryFolder();
    const results = Array.from({ length: 20 }, (_, index) => `result-${index}`);
    const names = await Promise.all(results.map((result) => commit(folder, 'a.jpg', 'number', { result })));
    const left = await contents(folder);
    expect(names.map((name) => left[name ?? ''])).toEqual(results);
    expect(Object.keys(left)).toHaveLength(20);
  });

  it('lets one of many through when the others shall be skipped', async () => {
    const folder = await temporaryFolder();
    const results = Array.from({ length: 20 }, (_, index) => `result-${index}`);
    const names = await Promise.all(results.map((result) => commit(folder, 'a.jpg', 'skip', { result })));
    const first = results[names.indexOf('a.jpg')];
    expect(names.filter((name) => name !== undefined)).toEqual(['a.jpg']);
    expect(await contents(folder)).toEqual({ 'a.jpg': first });
  });
});

describe('the intent', () => {
  it.each(POLICIES)('with %s is noted before the name is given, and kept to', async (policy) => {
    const folder = await temporaryFolder();
    const noted: [name: string, there: string[]][] = [];
    const intend = async (name: string) => {
      noted.push([name, await readdir(folder)]);
    };
    await commit(folder, 'a.jpg', policy, { intend });
    expect(noted).toEqual([[join(folder, 'a.jpg'), ['.enlarger-result.part']]]);
  });

  it.each([
    ['skip', []],
    ['number', ['a (3).jpg']],
    ['overwrite', ['a.jpg']],
  ] as const)('with %s is not noted for names that are taken and stay so', async (policy, names) => {
    const folder = await temporaryFolder();
    for (const name of ['a.jpg', 'a (2).jpg']) await writeFile(join(folder, name), 'old');
    const noted: string[] = [];
    await commit(folder, 'a.jpg', policy, { intend: async (name) => void noted.push(name) });
    expect(noted).toEqual(names.map((name) => join(folder, name)));
  });

  it('is noted again for the next name where one is taken in the very moment', async () => {
    const folder = await temporaryFolder();
    const noted: string[] = [];
    const intend = async (name: string) => {
      if (noted.push(name) === 1) await writeFile(name, 'another program');
    };
    expect(await commit(folder, 'a.jpg', 'number', { intend })).toBe('a (2).jpg');
    expect(noted).toEqual([join(folder, 'a.jpg'), join(folder, 'a (2).jpg')]);
    expect(await contents(folder)).toEqual({ 'a.jpg': 'another program', 'a (2).jpg': 'result' });
  });

  it('that cannot be noted places nothing and leaves nothing', async () => {
    const folder = await temporaryFolder();
    const intend = () => Promise.reject(new EnlargerError('lease-lost', 'Taken over.'));
    for (const policy of POLICIES) {
      await expect(commit(folder, 'a.jpg', policy, { intend })).rejects.toMatchObject({ code: 'lease-lost' });
    }
    expect(await contents(folder)).toEqual({});
  });
});

describe('where a folder stands', () => {
  it('overwrite refuses in words', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'a.jpg'));
    const target = join(folder, 'a.jpg');
    await expect(commit(folder, 'a.jpg', 'overwrite')).rejects.toMatchObject({
      code: 'collision',
      message: `${target}: a folder of that name is there. Move it away, or choose another --out or --name.`,
      file: target,
    });
    expect(await contents(folder)).toEqual({ 'a.jpg': null });
  });

  it('number goes round it', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'a.jpg'));
    expect(await commit(folder, 'a.jpg', 'number')).toBe('a (2).jpg');
  });
});

describe('a target that is a source', () => {
  const refusal = (target: string) => ({
    code: 'collision',
    message: `${target}: is one of the sources. Originals are never replaced; choose another --out or --name.`,
  });

  it('is not overwritten, nor by way of a hard link', async () => {
    const folder = await temporaryFolder();
    const original = join(await temporaryFolder(), 'original.jpg');
    await writeFile(original, 'original');
    await link(original, join(folder, 'a.jpg'));
    const sources = await identitiesOf(original);
    await expect(commit(folder, 'a.jpg', 'overwrite', { sources })).rejects.toMatchObject(
      refusal(join(folder, 'a.jpg')),
    );
    expect([await contents(folder), await readFile(original, 'utf8')]).toEqual([
      { 'a.jpg': 'original' },
      'original',
    ]);
  });

  it.skipIf(process.platform === 'win32')('nor by way of a symbolic link', async () => {
    const folder = await temporaryFolder();
    const original = join(await temporaryFolder(), 'original.jpg');
    await writeFile(original, 'original');
    await symlink(original, join(folder, 'a.jpg'));
    const sources = await identitiesOf(original);
    await expect(commit(folder, 'a.jpg', 'overwrite', { sources })).rejects.toMatchObject(
      refusal(join(folder, 'a.jpg')),
    );
    expect(await contents(folder)).toEqual({ 'a.jpg': 'original' });
  });

  it.each(['skip', 'number'] as const)('with %s is left as it is', async (policy) => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'a.jpg'), 'original');
    const sources = await identitiesOf(join(folder, 'a.jpg'));
    await commit(folder, 'a.jpg', policy, { sources });
    expect(await contents(folder)).toMatchObject({ 'a.jpg': 'original' });
  });
});

describe('when it cannot be done', () => {
  it.each(POLICIES)('with %s leaves nothing of a result for a folder that is gone', async (policy) => {
    const folder = await temporaryFolder();
    const target = join(folder, 'gone', 'a.jpg');
    await expect(commit(folder, join('gone', 'a.jpg'), policy)).rejects.toMatchObject({
      code: 'encode-failed',
      file: target,
    });
    expect(await contents(folder)).toEqual({});
  });

  it('on a disk with no room for a name says so, and leaves nothing', async ({ skip }) => {
    const folder = await temporaryFolder();
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m,nr_inodes=4', 'none', folder], {
        stdio: 'ignore',
      });
    } catch {
      skip('a small disk cannot be mounted here (Linux, as root)');
    }
    onTestFinished(() => {
      execFileSync('umount', ['--lazy', folder]);
    });
    // The folder itself takes one place, each name another.
    for (const name of ['b', 'c']) await writeFile(join(folder, name), '');
    await expect(commit(folder, 'a.jpg', 'skip')).rejects.toMatchObject({
      code: 'disk-full',
      file: join(folder, 'a.jpg'),
    });
    expect(await contents(folder)).toEqual({ b: '', c: '' });
  });

  it.skipIf(!existsSync('/dev/shm'))(
    'leaves no empty file for a result it could not move (Linux)',
    async (test) => {
      const folder = await temporaryFolder();
      const elsewhere = await mkdtemp('/dev/shm/enlarger-test-');
      onTestFinished(() => rm(elsewhere, { recursive: true, force: true }));
      test.skip((await stat(folder)).dev === (await stat(elsewhere)).dev, 'one file system only');
      const temporary = join(elsewhere, '.enlarger-1.part');
      await writeFile(temporary, 'result');
      const work = {
        ...{ temporary, target: join(folder, 'a.jpg'), policy: 'skip' as const },
        ...{ isSource: async () => false, intend: async () => {} },
      };
      await expect(commitResult(work)).rejects.toMatchObject({
        code: 'encode-failed',
        message: expect.stringContaining('EXDEV'),
      });
      expect([await contents(folder), await contents(elsewhere)]).toEqual([{}, {}]);
    },
  );
});
