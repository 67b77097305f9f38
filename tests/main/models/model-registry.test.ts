import { execFileSync } from 'node:child_process';
import { cp, mkdir, readFile, symlink, truncate, writeFile } from 'node:fs/promises';
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
      later: good.replace('"formatVersion": 1', '"formatVersion": 9').replace('"scale": 4', '"scale": 9'),
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

  it.each([
    ['of another kind altogether', () => '[7, null]', /Invalid input: expected object/],
    ['with wrong types', (good: string) => good.replace(/"scale": \d/, '"scale": "2"'), /scale/],
    ['with fields that nobody knows', (good: string) => good.replace('{', '{ "run": "rm",'), /run/],
    [
      'with weights in another folder',
      (good: string) => good.replace(/"file": "/, '"file": "../'),
      /a file name/,
    ],
    ['with weights anywhere', (good: string) => good.replace(/"file": "/, '"file": "/etc/'), /a file name/],
    ['nested without end', () => '['.repeat(400_000), /SyntaxError|RangeError/],
    ['wrong in very many places', () => `{"variants": [${Array(9999).fill(0).join()}]}`, /Invalid input/],
  ] as const)('leaves out a manifest %s', async (_, change, reason) => {
    const good = await readFile(join(modelsFolder(), 'photo-x2', 'manifest.json'), 'utf8');
    const folder = await modelsWith({ hostile: change(good) });
    const { models, problems } = await ModelRegistry.read(folder);
    const file = join(folder, 'hostile', 'manifest.json');
    expect([...models.keys()]).toEqual(['photo-x4']);
    expect(problems).toMatchObject([{ code: 'model-invalid', file, message: expect.stringMatching(reason) }]);
    expect(problems[0]?.message.length).toBeLessThan(file.length + 600);
  });

  it('leaves out one that is too large to be a manifest', async () => {
    const folder = await modelsWith({ huge: '{}' });
    await truncate(join(folder, 'huge', 'manifest.json'), 4e9);
    const { models, problems } = await ModelRegistry.read(folder);
    expect([...models.keys()]).toEqual(['photo-x4']);
    expect(problems[0]?.message).toMatch(/manifest\.json has 4000000000 bytes; 1000000 are allowed\.$/);
  });

  it('follows no links, neither to manifests nor to weights', async () => {
    const good = await readFile(join(modelsFolder(), 'photo-x2', 'manifest.json'), 'utf8');
    const folder = await modelsWith({ weights: good });
    await mkdir(join(folder, 'manifest'));
    const outside = join(modelsFolder(), 'photo-x2');
    await symlink(join(outside, 'photo-x2.fp32.onnx'), join(folder, 'weights', 'photo-x2.fp32.onnx'));
    await symlink(join(outside, 'manifest.json'), join(folder, 'manifest', 'manifest.json'));
    const { models, problems } = await ModelRegistry.read(folder);
    expect([...models.keys()]).toEqual(['photo-x4']);
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/manifest.manifest\.json: .* manifest\.json is not a plain file, but a link/),
      expect.stringMatching(
        /weights.manifest\.json: .* photo-x2\.fp32\.onnx is not a plain file, but a link/,
      ),
    ]);
  });

  it.skipIf(process.platform === 'win32')('does not wait for a manifest that never ends', async () => {
    const folder = await modelsWith({});
    await mkdir(join(folder, 'pipe'));
    execFileSync('mkfifo', [join(folder, 'pipe', 'manifest.json')]);
    const { problems } = await ModelRegistry.read(folder);
    expect(problems[0]?.message).toMatch(/manifest\.json is not a plain file/);
  });

  it('keeps the first of two models with one id', async () => {
    const good = await readFile(join(modelsFolder(), 'photo-x4', 'manifest.json'), 'utf8');
    const folder = await modelsWith({ 'the-same': good });
    const { models, problems } = await ModelRegistry.read(folder);
    expect(models.get('photo-x4')?.folder).toBe(join(folder, 'photo-x4'));
    expect(problems).toMatchObject([
      {
        file: join(folder, 'the-same', 'manifest.json'),
        message: expect.stringMatching(/'photo-x4' is already in/),
      },
    ]);
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
