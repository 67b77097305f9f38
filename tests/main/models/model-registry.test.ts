import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelsFolder } from '../../../src/main/installation.ts';
import { ModelRegistry } from '../../../src/main/models/model-registry.ts';
import { temporaryFolder } from '../../support/pictures.ts';

/** A folder with the manifest of photo-x4 (its weights left out), and a folder for each of `others`. */
async function modelsWith(others: Record<string, string>): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'photo-x4'));
  await cp(join(modelsFolder(), 'photo-x4', 'manifest.json'), join(folder, 'photo-x4', 'manifest.json'));
  for (const [name, manifest] of Object.entries(others)) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, 'manifest.json'), manifest);
  }
  return folder;
}

describe('ModelRegistry', () => {
  it('knows the models that ship', async () => {
    const { models, problems } = await ModelRegistry.read(modelsFolder());
    const known = [...models].map(([id, { manifest, folder }]) => [id, manifest.scale, folder]);
    expect(problems).toEqual([]);
    expect(known).toEqual(
      expect.arrayContaining([
        ['photo-x2', 2, join(modelsFolder(), 'photo-x2')],
        ['photo-x4', 4, join(modelsFolder(), 'photo-x4')],
      ]),
    );
  });

  it('leaves out what it cannot understand, names it on one line, and keeps the rest', async () => {
    const good = await readFile(join(modelsFolder(), 'photo-x4', 'manifest.json'), 'utf8');
    const folder = await modelsWith({
      broken: '{ "formatVersion": 1,',
      later: good.replace('"formatVersion": 1', '"formatVersion": 9').replace('"scale": 4', '"scale": 8'),
    });
    await mkdir(join(folder, 'empty'));
    await writeFile(join(folder, 'README.md'), 'not a model');
    const { models, problems } = await ModelRegistry.read(folder);
    const file = (name: string) => join(folder, name, 'manifest.json');
    expect([...models.keys()]).toEqual(['photo-x4']);
    expect(problems.map((problem) => [problem.code, problem.file, problem.message])).toEqual(
      [
        ['broken', /: not a usable manifest\. SyntaxError: [^\n]+$/],
        ['empty', /: not a usable manifest\. Error: ENOENT[^\n]+$/],
        ['later', /: not a usable manifest\. [^\n]*formatVersion[^\n]*scale[^\n]*$/],
      ].map(([name, message]) => [
        'model-invalid',
        file(name as string),
        expect.stringMatching(message as RegExp),
      ]),
    );
  });

  it('names the ids there are for one that is not', async () => {
    const registry = await ModelRegistry.read(await modelsWith({}));
    expect(registry.get('photo-x4').manifest.scale).toBe(4);
    expect(() => registry.get('photo-x9')).toThrow(
      expect.objectContaining({
        code: 'bad-argument',
        message: "There is no model 'photo-x9'. Choose one of: photo-x4.",
      }),
    );
  });

  it('says what is wrong with a model that is there but not usable', async () => {
    const registry = await ModelRegistry.read(await modelsWith({ 'photo-x2': '{}' }));
    expect(() => registry.get('photo-x2')).toThrow(
      expect.objectContaining({
        code: 'model-invalid',
        message: expect.stringMatching(/photo-x2.manifest\.json: not a usable manifest\./),
      }),
    );
  });

  it('has none in an empty folder, and says that a folder is not there', async () => {
    const empty = await ModelRegistry.read(await temporaryFolder());
    const missing = join(await temporaryFolder(), 'nowhere');
    expect(() => empty.get('photo-x2')).toThrow("There is no model 'photo-x2'. Choose one of: none.");
    await expect(ModelRegistry.read(missing)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/nowhere: the models cannot be read \(ENOENT.*\)\.$/),
    });
  });
});
