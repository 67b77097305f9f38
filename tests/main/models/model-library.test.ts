import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { modelsFolder } from '../../../src/main/installation.ts';
import { ModelLibrary } from '../../../src/main/models/model-library.ts';
import { replaceFile } from '../../../src/main/replace-file.ts';
import { temporaryFolder } from '../../support/pictures.ts';
import { addedCopy } from './store/opened-store.ts';

async function openLibrary() {
  const state = await temporaryFolder();
  const folders = { shipped: modelsFolder(), added: join(state, 'models') };
  const library = await ModelLibrary.open(folders);
  onTestFinished(() => library[Symbol.dispose]());
  return { library, added: folders.added, state };
}

/** Resolves after the next change that `wanted` says yes to. */
function changed(library: ModelLibrary, wanted: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = library.onChange(() => {
      if (!wanted()) return;
      stop();
      resolve();
    });
  });
}

async function setTitle(folder: string, title: string, id = 'mine'): Promise<void> {
  const file = join(folder, 'manifest.json');
  const manifest = JSON.parse(await readFile(file, 'utf8')) as object;
  await replaceFile(file, JSON.stringify({ ...manifest, id, title }));
}

describe('ModelLibrary', () => {
  it('has the models of both folders, those that ship first, and makes the other folder', async () => {
    const { library, added } = await openLibrary();
    await setTitle(await addedCopy(added, 'first'), 'First', 'a-first');
    await library.refresh();
    const known = [...library.models.values()].map(({ manifest, origin }) => [manifest.id, origin]);
    expect(known).toEqual([
      ['photo-x2', 'shipped'],
      ['photo-x2-restore', 'shipped'],
      ['photo-x4', 'shipped'],
      ['photo-x4-restore', 'shipped'],
      ['restore-x1', 'shipped'],
      ['a-first', 'added'],
    ]);
    expect(library.get('a-first').folder).toBe(join(added, 'first'));
  });

  it('sees what other processes add, change and remove', async () => {
    const { library, added, state } = await openLibrary();
    const folder = join(state, 'made-elsewhere');
    await cp(join(modelsFolder(), 'photo-x2'), folder, { recursive: true });
    await setTitle(folder, 'Mine');
    const shipped = library.get('photo-x4');

    const come = changed(library, () => library.models.has('mine'));
    await rename(folder, join(added, 'mine'));
    await come;
    const renamed = changed(library, () => library.models.get('mine')?.manifest.title === 'Better');
    await setTitle(join(added, 'mine'), 'Better');
    await renamed;
    const gone = changed(library, () => !library.models.has('mine'));
    await rm(join(added, 'mine'), { recursive: true });
    await gone;
    const again = changed(library, () => library.models.has('mine'));
    await setTitle(await addedCopy(added), 'Again');
    await again;
    const edited = changed(library, () => library.models.get('mine')?.manifest.title === 'And again');
    await setTitle(join(added, 'mine'), 'And again');
    await edited;
    expect(library.get('photo-x4')).toBe(shipped);
  });

  it('names a manifest that makes no sense, and one that takes the id of a model that ships', async () => {
    const { library, added } = await openLibrary();
    const told = changed(library, () => library.problems.length === 2);
    await setTitle(await addedCopy(added, 'other'), 'Not mine', 'photo-x4');
    await mkdir(join(added, 'broken'));
    await writeFile(join(added, 'broken', 'manifest.json'), '{}');
    await told;
    expect(library.problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/broken.manifest\.json: not a usable manifest/),
      expect.stringMatching(/other.manifest\.json: the model 'photo-x4' is already in .+resources/),
    ]);
    expect(library.get('photo-x4').origin).toBe('shipped');
  });

  it('tells nobody where nothing has changed', async () => {
    const { library } = await openLibrary();
    let times = 0;
    library.onChange(() => times++);
    await library.refresh();
    expect(times).toBe(0);
  });
});
