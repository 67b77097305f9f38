import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelsFolder } from '../../../src/main/installation.ts';
import { ModelRegistry } from '../../../src/main/models/model-registry.ts';
import { enlarger, filesIn, makePictures, QUICK } from '../support.ts';
import { copyModels, flipBit } from './models-copy.ts';

const WEIGHTS = join('photo-x2', 'photo-x2.fp32.onnx');
const wrongHash = (file: string) =>
  `${file}: does not have the hash that its manifest states \\([0-9a-f]{12}…, found [0-9a-f]{12}…\\)\\. ` +
  'The file was changed or damaged; install the model again\\.';

describe('models', () => {
  it('lists what there is, for people and for programs', async () => {
    const { models } = await ModelRegistry.read(modelsFolder());
    // A state of its own: what others have tried on a device would be listed, too.
    const env = { ENLARGER_HOME: join(await makePictures([]), 'state') };
    const words = await enlarger(['models'], { env });
    const json = await enlarger(['models', '--json'], { env });
    const listed = words.stdout.split('\n').filter((line) => /^\S/.test(line));
    const manifests = json.stdout.trimEnd().split('\n');
    expect([words.exit, words.stderr, json.exit, json.stderr]).toEqual([0, '', 0, '']);
    expect(listed.map((line) => line.split(' ')[0])).toEqual([...models.keys()]);
    expect(words.stdout).toMatch(
      /^ +×4, fp32 \([\d.]+ [kM]B\), fp16 \([\d.]+ [kM]B\), int8 \([\d.]+ [kM]B\), licence MIT$/m,
    );
    expect(manifests.map((line) => JSON.parse(line))).toEqual(
      [...models.values()].map(({ manifest, folder }) => ({ ...manifest, folder, origin: 'shipped' })),
    );
  });

  it('names a manifest that cannot be used, and lists the others', async () => {
    const models = await copyModels();
    await writeFile(join(models, 'photo-x2', 'manifest.json'), '{}');
    const { exit, stdout, stderr } = await enlarger(['models'], { env: { ENLARGER_MODELS: models } });
    expect([exit, stdout.match(/^(photo|restore)\S+/gm), stderr]).toEqual([
      1,
      ['photo-x2-restore', 'photo-x4', 'photo-x4-restore', 'restore-x1'],
      expect.stringMatching(/^✗ [^\n]+manifest\.json: not a usable manifest\. [^\n]+\n$/),
    ]);
  });

  it('says that a folder of models is not there', async () => {
    const { exit, stderr } = await enlarger(['models'], { env: { ENLARGER_MODELS: '/not/there' } });
    expect([exit, stderr]).toEqual([
      3,
      expect.stringMatching(/^✗ \/not\/there: the models cannot be read .+\n$/),
    ]);
  });
});

describe('a damaged model', () => {
  it('is named with its hash, and nothing is enlarged with it', async () => {
    const root = await makePictures(['a.jpg', 'b.jpg']);
    const models = await copyModels();
    await flipBit(join(models, WEIGHTS));
    const env = { ENLARGER_MODELS: models };
    const { exit, stdout } = await enlarger(['enhance', 'in', '--out', 'out', ...QUICK], { cwd: root, env });
    const complaint = expect.stringMatching(new RegExp(`^✗ .*: ${wrongHash(join(models, WEIGHTS))}$`));
    expect([exit, stdout.match(/^✗ .*$/gm)]).toEqual([3, [complaint, complaint]]);
    expect(await filesIn(join(root, 'out'))).toEqual([]);
  });

  it('whose weights are missing is named, too', async () => {
    const root = await makePictures(['a.jpg']);
    const models = await copyModels();
    await rm(join(models, WEIGHTS));
    const env = { ENLARGER_MODELS: models };
    const { exit, stdout } = await enlarger(['enhance', 'in', '--out', 'out', ...QUICK], { cwd: root, env });
    const file = join(models, WEIGHTS);
    expect([exit, stdout.match(/^✗ .*$/gm)]).toEqual([
      3,
      [`✗ ${join(root, 'in', 'a.jpg')}: ${file}: the model cannot be read. Install the model again.`],
    ]);
  });

  it('that was asked for by its name is refused with what is wrong', async () => {
    const root = await makePictures(['a.jpg']);
    const models = await copyModels();
    await writeFile(join(models, 'photo-x2', 'manifest.json'), 'not JSON');
    const env = { ENLARGER_MODELS: models };
    const { exit, stderr } = await enlarger(['enhance', 'in', '--out', 'out', ...QUICK], { cwd: root, env });
    expect([exit, stderr]).toEqual([
      3,
      expect.stringMatching(
        /^✗ [^\n]+photo-x2.manifest\.json: not a usable manifest\. SyntaxError: [^\n]+\n$/,
      ),
    ]);
  });
});

describe('doctor', () => {
  it('says what works, and why the rest does not', async () => {
    const { exit, stdout, stderr } = await enlarger(['doctor']);
    expect([exit, stderr]).toEqual([0, '']);
    expect(stdout.split('\n')).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^Processor {3}.+, \d+ cores$/),
        expect.stringMatching(/^Memory {6}[\d.]+ GB, of which pictures may take [\d.]+ [MG]B$/),
        expect.stringMatching(/^✓ photo-x2 {2,}runs; .+; auto chooses (fp32|int8)$/),
        expect.stringMatching(
          /^✓ photo-x4 {2,}runs; int8 against fp32: [\d.]+ dB, [\d.]+ times as fast; auto chooses/,
        ),
        expect.stringMatching(/^ONNX Runtime \d+\.\d+\.\d+, Node 2\d\./),
        expect.stringMatching(
          /^✓ cpu {7}.+: works; photo-x2 \(fp32\) takes [\d.]+ ms for the built-in picture$/,
        ),
        // Which one that is depends on the machine; whichever it is has been said to work.
        expect.stringMatching(/^Pictures are enlarged on .+ \(\w+(:\d)?\)\.$/),
      ]),
    );
  });

  it('tries devices with the model that is asked for, which `models` tells of then', async () => {
    const root = await makePictures([]);
    const env = { ENLARGER_HOME: join(root, 'state') };
    const { exit, stdout } = await enlarger(['doctor', '--model', 'photo-x4'], { env });
    expect([exit, stdout]).toEqual([0, expect.stringMatching(/^✓ cpu .+: works; photo-x4 \(fp32\)/m)]);
    const words = await enlarger(['models'], { env });
    expect(words.stdout).toMatch(/^photo-x4 .+\n.+\n +tried on .*cpu \(fp32\) [\d.]+ ms/m);
    expect(words.stdout.match(/tried on/g)).toHaveLength(1);
    const json = await enlarger(['models', '--json'], { env });
    const manifests = json.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(
      manifests.map(({ id, devices }) => [id, devices]).filter(([id]) => /^photo-x\d$/.test(id)),
    ).toEqual([
      ['photo-x2', undefined],
      ['photo-x4', expect.arrayContaining([expect.objectContaining({ device: 'cpu', state: 'passed' })])],
    ]);
  });

  it('a model that there is not is refused', async () => {
    const { exit, stderr } = await enlarger(['doctor', '--model', 'none']);
    expect([exit, stderr]).toEqual([2, expect.stringMatching(/^✗ There is no model 'none'\./)]);
  });

  it('finds what is damaged', async () => {
    const models = await copyModels();
    await flipBit(join(models, 'photo-x4', 'photo-x4.int8.onnx'));
    await writeFile(join(models, 'photo-x2', 'manifest.json'), '{}');
    const { exit, stdout } = await enlarger(['doctor'], { env: { ENLARGER_MODELS: models } });
    expect([exit, stdout.match(/^✗ .*$/gm)]).toEqual([
      1,
      [
        expect.stringMatching(/^✗ .+photo-x2.manifest\.json: not a usable manifest\./),
        expect.stringMatching(`^✗ photo-x4 +${wrongHash(join(models, 'photo-x4', 'photo-x4.int8.onnx'))}$`),
      ],
    ]);
  });

  it('without any model has nothing to enlarge with', async () => {
    const root = await makePictures([]);
    const { exit, stdout } = await enlarger(['doctor'], { env: { ENLARGER_MODELS: join(root, 'in') } });
    expect([exit, stdout.split('\n')[0]]).toEqual([1, expect.stringMatching(/^Processor/)]);
  });
});
