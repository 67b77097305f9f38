import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { installationFolder, modelsFolder } from '../../src/main/installation.ts';
import { ModelRegistry } from '../../src/main/models/model-registry.ts';
import { changeManifest, copyModels } from './models/models-copy.ts';
import { enlarger, filesIn, makePictures } from './support.ts';

const HINT = "Run 'enlarger help enhance' for its options.\n";
const choices = (option: string, value: string, allowed: string) =>
  `✗ option '${option}' argument '${value}' is invalid. Allowed choices are ${allowed}.\n${HINT}`;
const number = (option: string, value: string, from: number, to: number) =>
  `✗ option '${option}' argument '${value}' is invalid. Expected a whole number from ${from} to ${to}.\n${HINT}`;

const FORMATS = 'keep, jpeg, png, webp, avif, tiff';
const SIZE = 'Expected a size from 64MB, such as 512MB or 4GB.';
const BUDGET = "✗ option '--memory-budget <size>' argument";

const REFUSED: [args: string[], message: string][] = [
  [['--bogus'], `✗ unknown option '--bogus'\n${HINT}`],
  [['--qualty', '90'], `✗ unknown option '--qualty'\n(Did you mean --quality?)\n${HINT}`],
  [['--quality'], `✗ option '--quality <1-100>' argument missing\n${HINT}`],
  [['--quality', '0'], number('--quality <1-100>', '0', 1, 100)],
  [['--quality', '101'], number('--quality <1-100>', '101', 1, 100)],
  [['--quality', '85.5'], number('--quality <1-100>', '85.5', 1, 100)],
  [['--quality', 'high'], number('--quality <1-100>', 'high', 1, 100)],
  [['--tile', '8'], number('--tile <pixels>', '8', 16, 8192)],
  [['--tile', '-64'], number('--tile <pixels>', '-64', 16, 8192)],
  [['--workers', '0'], number('--workers <n>', '0', 1, 64)],
  [['--threads', '65'], number('--threads <n>', '65', 1, 64)],
  [
    ['--scale', '4', '--model', 'photo-x2'],
    "✗ --scale 4: model 'photo-x2' enlarges 2 times. Leave out one of the two.\n",
  ],
  [['--scale', '9'], number('--scale <factor>', '9', 1, 8)],
  [['--strength', '101'], number('--strength <0-100>', '101', 0, 100)],
  [['--variant', 'fp64'], choices('--variant <variant>', 'fp64', 'auto, fp32, fp16, int8')],
  [['--format', 'bmp'], choices('--format <format>', 'bmp', FORMATS)],
  [['--on-collision', 'ask'], choices('--on-collision <policy>', 'ask', 'skip, number, overwrite')],
  [['--memory-budget', '63MB'], `${BUDGET} '63MB' is invalid. ${SIZE}\n${HINT}`],
  [['--memory-budget', '4 cups'], `${BUDGET} '4 cups' is invalid. ${SIZE}\n${HINT}`],
  [
    ['--name', '{nmae}.{ext}'],
    "✗ --name: '{nmae}' is not known. The tokens are {name} {scale} {model} {ext} {index}.\n",
  ],
  [['--name', '../{name}'], "✗ --name: '../{name}' holds a path. Folders are given by --out.\n"],
  [['--name', ''], "✗ --name: empty. The default is '{name}-x{scale}.{ext}'.\n"],
];

describe('bad arguments', () => {
  it.each(REFUSED)('%j: one line, exit code 2, and nothing written', async (args, message) => {
    const root = await makePictures(['a.jpg']);
    const ended = await enlarger(['enhance', 'in', '--out', 'out', ...args], { cwd: root });
    expect(ended).toEqual({ exit: 2, stdout: '', stderr: message });
    expect(await filesIn(root)).toEqual([join('in', 'a.jpg')]);
  });

  it.each<[string[], string]>([
    [['enhance', 'in'], "✗ required option '--out <dir>' not specified"],
    [['enhance', '--out', 'out'], "✗ missing required argument 'files|folders'"],
    [['enlarge', 'in', '--out', 'out'], "✗ unknown command 'enlarge'"],
  ])('%j names what is missing', async (args, line) => {
    const { exit, stdout, stderr } = await enlarger(args);
    expect([exit, stdout, stderr.split('\n')[0]]).toEqual([2, '', line]);
  });

  it.each<[string[], string]>([
    [
      ['jobs', 'x'],
      "✗ command-argument value 'x' is invalid for argument 'id'. Expected a whole number from 1",
    ],
    [
      ['jobs', 'clear', '1', 'x'],
      "✗ command-argument value 'x' is invalid for argument 'ids'. Expected a whole",
    ],
    [
      ['resume', '0'],
      "✗ command-argument value '0' is invalid for argument 'id'. Expected a whole number from 1",
    ],
    [['cancel'], "✗ missing required argument 'id'"],
  ])('%j says what is wrong with the number', async (args, line) => {
    const { exit, stdout, stderr } = await enlarger(args);
    expect([exit, stdout, stderr.slice(0, line.length)]).toEqual([2, '', line]);
  });

  it('a model that there is not is refused with those there are', async () => {
    const { models } = await ModelRegistry.read(modelsFolder());
    const root = await makePictures(['a.jpg']);
    const ended = await enlarger(['enhance', 'in', '--out', 'out', '--model', 'nope'], { cwd: root });
    const stderr = `✗ There is no model 'nope'. Choose one of: ${[...models.keys()].join(', ')}.\n`;
    expect(ended).toEqual({ exit: 2, stdout: '', stderr });
  });

  it('a variant that the model does not have is refused with those it has', async () => {
    const root = await makePictures(['a.jpg']);
    const models = await copyModels();
    await changeManifest(models, 'photo-x2', (manifest) => ({
      ...manifest,
      variants: manifest.variants.filter(({ id }) => id === 'fp32'),
    }));
    const { exit, stderr } = await enlarger(['enhance', 'in', '--out', 'out', '--variant', 'int8'], {
      cwd: root,
      env: { ENLARGER_MODELS: models },
    });
    expect([exit, stderr]).toEqual([2, "✗ Model 'photo-x2' has no variant 'int8' (it has: fp32).\n"]);
  });
});

describe('help', () => {
  it('tells the version', async () => {
    const { version } = JSON.parse(await readFile(join(installationFolder(), 'package.json'), 'utf8'));
    expect(await enlarger(['--version'])).toEqual({ exit: 0, stdout: `${version}\n`, stderr: '' });
  });

  it.each([['--help'], ['help']])('%s lists the commands', async (arg) => {
    const { exit, stdout, stderr } = await enlarger([arg]);
    const commands = stdout.match(/(?<=^ {2})[a-z]+(?= )/gm);
    expect([exit, stderr, commands]).toEqual([
      0,
      '',
      'enhance resume retry jobs pause cancel models quantize serve doctor help'.split(' '),
    ]);
  });

  it('without a command is help, and a mistake', async () => {
    const { exit, stdout, stderr } = await enlarger([]);
    expect([exit, stdout, stderr.split('\n')[0]]).toEqual([2, '', 'Usage: enlarger [options] [command]']);
  });

  it('explains every option of enhance', async () => {
    const { exit, stdout } = await enlarger(['help', 'enhance']);
    expect([exit, stdout.match(/(?<=^ {2})--[a-z-]+/gm)]).toEqual([
      0,
      '--workers --sequential --memory-budget --json --out --scale --model --strength --variant --device --format --quality --remove-gps --name --on-collision --recursive --threads --tile'.split(
        ' ',
      ),
    ]);
  });
});
