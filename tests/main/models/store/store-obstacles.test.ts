import { execFileSync } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { modelsFolder } from '../../../../src/main/installation.ts';
import { storeFailure } from '../../../../src/main/models/store/store-failure.ts';
import { temporaryFolder } from '../../../support/pictures.ts';
import { networkFile, openStore } from './opened-store.ts';

/** A file system of so many bytes, or one that is only read, where root may make one. */
async function otherDisk(options: string): Promise<string | undefined> {
  const folder = await temporaryFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  onTestFinished(() => void execFileSync('umount', [folder]));
  return folder;
}

const ROOT = 'mounting a file system takes root';

it('a disk that is full is named, and nothing is left', async ({ skip }) => {
  const disk = await otherDisk('size=64k');
  if (disk === undefined) return skip(ROOT);
  const added = join(disk, 'models');
  const { store } = await openStore({ folders: { shipped: modelsFolder(), added } });
  const path = await networkFile('large.onnx', { width: 64 });
  await expect(store.add({ path })).rejects.toMatchObject({
    code: 'disk-full',
    message: `${added}: the disk is full. Make room and try again.`,
  });
  expect(await readdir(added)).toEqual([]);
});

it('a disk that is only read is named', async ({ skip }) => {
  const disk = await otherDisk('ro');
  if (disk === undefined) return skip(ROOT);
  const added = join(disk, 'models');
  const { store } = await openStore({ folders: { shipped: modelsFolder(), added } });
  await expect(store.add({ path: await networkFile('a.onnx') })).rejects.toMatchObject({
    code: 'permission-denied',
    message: `${added}: may not be written to. Check its permissions, or choose another folder with ENLARGER_HOME.`,
  });
});

it('what stands in the place of the folder is named', async () => {
  const added = join(await temporaryFolder(), 'models');
  await writeFile(added, 'a file');
  expect(
    storeFailure(await mkdir(added, { recursive: true }).catch((error: unknown) => error), added),
  ).toMatchObject({
    code: 'permission-denied',
    message: `${added}: something else stands there. Move it away.`,
  });
});
