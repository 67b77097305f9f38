import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { defaultMemoryBudget, defaultParallelism, describeMachine } from '../main/machine.ts';
import { checkTemplate, DEFAULT_TEMPLATE } from '../main/naming/name-template.ts';
import { OUTPUT_FORMATS } from '../shared/formats.ts';
import { type EnhanceOptions, enhance } from './enhance.ts';
import { EXIT } from './exit-codes.ts';
import { JsonLines } from './output/json-lines.ts';
import type { Reporter } from './output/reporter.ts';
import { TerminalReporter } from './output/terminal.ts';

interface Flags extends Omit<EnhanceOptions, 'inputs' | 'model' | 'scale'> {
  model?: string;
  scale?: '2' | '4';
  json?: true;
}

const DEFAULT_SCALE = '2';

/** Adds `enhance` to `program`. `exit` takes its exit code. */
export function addEnhanceCommand(program: Command, exit: (code: number) => void): void {
  const machine = describeMachine();
  const parallelism = defaultParallelism(machine);
  program
    .command('enhance')
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
    .option('--workers <n>', 'tiles computed at once', wholeNumber(1, 64), parallelism.workers)
    .option('--threads <n>', 'threads that compute one tile', wholeNumber(1, 64), parallelism.threads)
    .option('--tile <pixels>', "side of a tile (default: the model's own)", wholeNumber(16, 8192))
    .option('--sequential', 'one step at a time, for comparison', false)
    .option('--memory-budget <size>', 'memory for pictures, such as 4GB', size, defaultMemoryBudget(machine))
    .option('--json', 'one JSON object a line instead of words')
    .action(async (inputs: string[], flags: Flags) => exit(await run(inputs, flags)));
}

async function run(inputs: string[], { model, scale, json, ...flags }: Flags): Promise<number> {
  checkTemplate(flags.name);
  const abort = new AbortController();
  const interrupt = () => {
    // Who asks twice does not want to wait; the engine ends with this process.
    if (abort.signal.aborted) process.exit(EXIT.someFailed);
    abort.abort();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  const options = {
    ...flags,
    inputs,
    model: model ?? `photo-x${scale ?? DEFAULT_SCALE}`,
    scale: scale && Number(scale),
  };
  try {
    return await enhance(options, reporterFor(json ?? false), abort.signal);
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

function reporterFor(json: boolean): Reporter {
  const write = (text: string) => process.stdout.write(text);
  if (json) return new JsonLines(write);
  return new TerminalReporter({ write, columns: process.stdout.isTTY ? process.stdout.columns : undefined });
}

function wholeNumber(lowest: number, highest: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (Number.isInteger(number) && number >= lowest && number <= highest) return number;
    throw new InvalidArgumentError(`Expected a whole number from ${lowest} to ${highest}.`);
  };
}

const UNITS: Record<string, number> = {
  '': 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
};
const SMALLEST_BUDGET = 64e6;

/** `4GB`, `512MiB`, … in bytes. */
export function size(text: string): number {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim()) ?? [];
  const factor = UNITS[unit?.toLowerCase() ?? ''];
  const bytes = Math.floor(Number(digits) * (factor ?? Number.NaN));
  if (bytes >= SMALLEST_BUDGET) return bytes;
  throw new InvalidArgumentError('Expected a size from 64MB, such as 512MB or 4GB.');
}
