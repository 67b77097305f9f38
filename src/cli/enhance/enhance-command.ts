import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { defaultParallelism, describeMachine } from '../../main/machine.ts';
import { OUTPUT_FORMATS } from '../../shared/formats.ts';
import { variantIdSchema } from '../../shared/models.ts';
import { checkTemplate, DEFAULT_TEMPLATE } from '../../shared/name-template.ts';
import { addRunOptions, interruptible, reporterFor, wholeNumber } from '../run-options.ts';
import { type EnhanceOptions, enhance } from './enhance.ts';

interface Flags extends Omit<EnhanceOptions, 'inputs'> {
  json?: true;
}

/** What no manifest goes beyond. */
const LARGEST_SCALE = 8;

/** Adds `enhance` to `program`. `exit` takes its exit code. */
export function addEnhanceCommand(program: Command, exit: (code: number) => void): void {
  addRunOptions(program.command('enhance'))
    .description('enlarge photographs')
    .argument('<files|folders...>', 'pictures, and folders of pictures')
    .requiredOption('--out <dir>', 'folder for the results; made if missing', (path) => resolve(path))
    .addOption(
      new Option('--scale <factor>', 'how many times larger, as there are models for')
        .argParser(wholeNumber(1, LARGEST_SCALE))
        .default(undefined, "2, or the model's own"),
    )
    .option('--model <id>', "a model from 'enlarger models' (default: one for --scale)")
    .option(
      '--strength <0-100>',
      "how strongly the model works, in per cent (default: the model's own)",
      percentage,
    )
    .addOption(
      new Option('--variant <variant>', 'auto: int8 where this machine computes it right and faster')
        .choices(['auto', ...variantIdSchema.options])
        .default('auto'),
    )
    .option(
      '--device <name>',
      "what computes: auto (the fastest that is right), gpu, all (cards of one kind), cpu, or one of 'enlarger doctor'",
      'auto',
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

/** Per cent as a share, 0..1. */
const percentage = (text: string) => wholeNumber(0, 100)(text) / 100;

async function run(inputs: string[], { json, ...flags }: Flags): Promise<number> {
  checkTemplate(flags.name);
  return interruptible((signal) => enhance({ ...flags, inputs }, reporterFor(json ?? false), signal));
}
