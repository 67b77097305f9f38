import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { desktopPlaces } from '../../../src/main/application/places.ts';
import { TokenStore } from '../../../src/main/application/token-store.ts';
import type { Offered } from '../../../src/shared/contract/input.ts';
import { temporaryFolder } from '../../support/pictures.ts';

const tokenOf = ({ input }: Offered) => (input.kind === 'token' ? input.token : '');

async function someFiles() {
  const root = await temporaryFolder();
  await mkdir(join(root, 'trip', 'sub'), { recursive: true });
  for (const name of ['a.png', 'b.png', 'trip/c.png', 'trip/sub/d.png'])
    await writeFile(join(root, name), name);
  return { root, tokens: new TokenStore() };
}

it('stands for what was handed over, and says how people know it', async () => {
  const { root, tokens } = await someFiles();
  const picture = await tokens.offer(join(root, 'a.png'));
  const folder = await tokens.offer(join(root, 'trip', 'sub', '..'));
  expect([picture, folder]).toEqual([
    {
      input: { kind: 'token', token: expect.stringMatching(/^[\w-]{24}$/) },
      ...{ name: 'a.png', path: join(root, 'a.png'), kind: 'picture' },
    },
    {
      input: { kind: 'token', token: expect.stringMatching(/^[\w-]{24}$/) },
      ...{ name: 'trip', path: join(root, 'trip'), kind: 'folder' },
    },
  ]);
  expect([tokens.path(tokenOf(picture)), tokens.folder(tokenOf(folder))]).toEqual([
    join(root, 'a.png'),
    join(root, 'trip'),
  ]);
  expect(await tokens.offer(join(root, 'a.png'))).toEqual(picture);
  expect(() => tokens.folder(tokenOf(picture))).toThrow(/not a folder/);
  await expect(tokens.offer(join(root, 'none.png'))).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringContaining(join(root, 'none.png')),
  });
});

it('means nothing in another run', async () => {
  const { root, tokens } = await someFiles();
  const token = tokenOf(await tokens.offer(join(root, 'a.png')));
  expect(() => new TokenStore().path(token)).toThrow(/Add it again/);
});

it('reaches what really lies in a folder, and nothing that a link leads to', async () => {
  const { root, tokens } = await someFiles();
  await symlink(join(root, 'b.png'), join(root, 'trip', 'out.png'));
  await symlink(join(root, 'trip', 'c.png'), join(root, 'trip', 'within.png'));
  await symlink(join(root, 'trip'), join(root, 'shortcut'));
  await symlink(join(root, 'a.png'), join(root, 'chosen.png'));
  await mkdir(join(root, 'trip two'));
  await writeFile(join(root, 'trip two', 'e.png'), 'e');
  await tokens.offer(join(root, 'shortcut'));
  await tokens.offer(join(root, 'chosen.png'));
  const reached = async (...names: string[]) =>
    Promise.all(names.map((name) => tokens.holds(join(root, name))));
  expect(await reached('trip/c.png', 'shortcut/sub/d.png', 'trip/within.png', 'chosen.png', 'a.png')).toEqual(
    Array(5).fill(true),
  );
  expect(await reached('trip/out.png', 'b.png', 'trip two/e.png', 'trip/none.png', '.')).toEqual(
    Array(5).fill(false),
  );
  // A link that leads elsewhere by now is not what was chosen.
  await rm(join(root, 'chosen.png'));
  await symlink(join(root, 'b.png'), join(root, 'chosen.png'));
  expect(await reached('chosen.png')).toEqual([false]);
});

it('is all that a window reaches', async () => {
  const { root, tokens } = await someFiles();
  const places = desktopPlaces({ tokens, results: join(root, 'results') });
  const { input } = await tokens.offer(join(root, 'trip'));
  expect(await places.input(input)).toEqual({ path: join(root, 'trip') });
  expect(await places.out({ kind: 'token', token: tokenOf({ input } as Offered) })).toEqual({
    path: join(root, 'trip'),
    kept: false,
  });
  const { path, kept } = await places.out({ kind: 'kept' });
  expect([kept, places.owns(path), places.owns(join(root, 'trip'))]).toEqual([true, true, false]);
  await expect(places.input({ kind: 'path', path: 'a.png' })).rejects.toMatchObject({ code: 'bad-argument' });
  await expect(places.out({ kind: 'path', path: '' })).rejects.toMatchObject({ code: 'bad-argument' });
  expect(await places.allows(join(root, 'trip', 'c.png'))).toBe(true);
  expect(await places.allows(join(root, 'a.png'))).toBe(false);
});
