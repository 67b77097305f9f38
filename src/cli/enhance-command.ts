import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { defaultParallelism, describeMachine } from '../main/machine.ts';
import { OUTPUT_FORMATS } from '../shared/formats.ts';
import { checkTemplate, DEFAULT_TEMPLATE } from '../shared/name-template.ts';
import { type EnhanceOptions, enhance } from './enhance.ts';
import { addRunOptions, interruptible, reporterFor, wholeNumber } from './run-options.ts';

interface Flags extends Omit<EnhanceOptions, 'inputs' | 'model' | 'scale'> {
  model?: string;
  scale?: '2' | '4';
  json?: true;
}

const DEFAULT_SCALE = '2';

/** Adds `enhance` to `program`. `exit` takes its exit code. */
export function addEnhanceCommand(program: Command, exit: (code: number) => void): void {
  addRunOptions(program.command('enhance'))
    .description('enlarge photographs')
    .argument('<files|folders...>', 'pictures, and folders of pictures')
    .requiredOption('--out <dir>', 'folder for the results; made if missing', (path) => resolve(path))
    .addOption(
      new Option('--scale <factor>', 'how many times larger')
        .choices(['2', '4'])
        .default(undefined, DEFAULT_SCALE),
    )
    .option('--model <id>', "a model from 'enlarger models' (default: photo-x2 or photo-x4, by --scale)")
    .addOption(
      new Option('--variant <variant>', 'auto: int8 where this machine computes it right and faster')
        .choices(['auto', 'fp32', 'int8'])
        .default('auto'),
    )
    .addOption(
      new Option('--format <format>', 'keep: as the source, where that can hold the result')
        .choices(['keep', ...OUTPUT_FORMATS])
        .default('keep'),
    )
    .option('--quality <1-100>', 'for jpeg, webp and avif (default: 92, 90, 70)', wholeNumber(1, 100))
    .option('--remove-gps', 'leave out where the pictures were taken (EXIF and XMP)', false)
    .option(
      '--name <template>',
      'names of the results; {name} {scale} {model} {ext} {index}',
      DEFAULT_TEMPLATE,
    )
    .addOption(
      new Option('--on-collision <policy>', 'where a result stands already')
        .choices(['skip', 'number', 'overwrite'])
        .default('skip'),
    )
    .option('--recursive', 'enter the folders inside folders', false)
    .option(
      '--threads <n>',
      'threads that compute one tile',
      wholeNumber(1, 64),
      defaultParallelism(describeMachine()).threads,
    )
    .option('--tile <pixels>', "side of a tile (default: the model's own)", wholeNumber(16, 8192))
    .action(async (inputs: string[], flags: Flags) => exit(await run(inputs, flags)));
}

async function run(inputs: string[], { model, scale, json, ...flags }: Flags): Promise<number> {
  checkTemplate(flags.name);
  const options = {
    ...flags,
    inputs,
    model: model ?? `photo-x${scale ?? DEFAULT_SCALE}`,
    scale: scale && Number(scale),
  };
  return interruptible((signal) => enhance(options, reporterFor(json ?? false), signal));
}
