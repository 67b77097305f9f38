import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { childProcessHost, engineEntry } from '../main/engine/child-process-host.ts';
import { EngineClient } from '../main/engine/engine-client.ts';
import { modelsFolder, scratchFolder } from '../main/installation.ts';
import { defaultMemoryBudget, describeMachine } from '../main/machine.ts';
import { type QuantiseOptions, quantiseModel } from '../main/models/quantise-model.ts';
import { EXIT } from './exit-codes.ts';
import { QuantizeLines, QuantizeWords } from './output/quantize-report.ts';
import { interruptible } from './run-options.ts';

interface Flags {
  calibrate: string;
  out?: string;
  replace: boolean;
  maxLoss: number;
  weightBits: 'auto' | '7' | '8';
  json?: true;
}

/** Adds `quantize`, which makes the int8 form of a model. */
export function addQuantizeCommand(program: Command, exit: (code: number) => void): void {
  program
    .command('quantize')
    .description('make the int8 form of a model: smaller, and faster on processors')
    .argument('<model>', "an ONNX file, or a model from 'enlarger models'")
    .requiredOption('--calibrate <dir>', 'folder of photographs to calibrate and measure with', (path) =>
      resolve(path),
    )
    .option('--out <file>', 'the file to write (default: beside the model)', (path) => resolve(path))
    .option('--replace', 'replace the int8 variant that an installed model has', false)
    .option('--max-loss <dB>', 'PSNR that it may lose', decibels, 0.1)
    .addOption(
      new Option(
        '--weight-bits <bits>',
        '7: for processors without VNNI; auto: what this one computes rightly',
      )
        .choices(['auto', '7', '8'])
        .default('auto'),
    )
    .option('--json', 'one JSON object a line instead of words')
    .action(async (model: string, flags: Flags) =>
      exit(await interruptible((signal) => run(model, flags, signal))),
    );
}

async function run(
  model: string,
  { json, weightBits, ...flags }: Flags,
  signal: AbortSignal,
): Promise<number> {
  const machine = describeMachine();
  const options: QuantiseOptions = {
    ...flags,
    model,
    models: modelsFolder(),
    weightBits: weightBits === 'auto' ? weightBits : weightBits === '7' ? 7 : 8,
    threads: machine.cores,
  };
  const write = (text: string) => process.stdout.write(text);
  const { columns, isTTY } = process.stdout;
  const reporter = json ? new QuantizeLines(write) : new QuantizeWords(write, isTTY ? columns : undefined);
  const engine = await EngineClient.start(childProcessHost(engineEntry(), { quiet: true }), {
    workers: 1,
    queueDepth: 1,
    sequential: true,
    memoryBudget: defaultMemoryBudget(machine),
    scratch: scratchFolder(),
  });
  try {
    const onProgress = reporter.progress.bind(reporter);
    reporter.finished(await quantiseModel(options, engine, { signal, onProgress }));
    return EXIT.allDone;
  } catch (error) {
    reporter.failed();
    throw error;
  } finally {
    await engine.stop();
  }
}

function decibels(text: string): number {
  const number = Number(text);
  if (text.trim() !== '' && number > 0 && number <= 10) return number;
  throw new InvalidArgumentError('Expected dB above 0, up to 10, such as 0.1.');
}
