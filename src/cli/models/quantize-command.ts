import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { childProcessHost, engineEntry } from '../../main/engine/child-process-host.ts';
import { EngineClient } from '../../main/engine/engine-client.ts';
import { modelFolders, scratchFolder } from '../../main/installation.ts';
import { defaultMemoryBudget, describeMachine } from '../../main/machine.ts';
import { halveModel } from '../../main/models/quantising/quantise-half.ts';
import { type QuantiseOptions, quantiseModel } from '../../main/models/quantising/quantise-model.ts';
import { EXIT } from '../exit-codes.ts';
import { QuantizeLines, QuantizeWords } from '../output/quantize-report.ts';
import { interruptible } from '../run-options.ts';

interface Flags {
  to: 'int8' | 'fp16';
  calibrate?: string;
  out?: string;
  replace: boolean;
  maxLoss: number;
  weightBits: 'auto' | '7' | '8';
  json?: true;
}

/** Adds `quantize`, which makes the int8 form of a model, or the one in half precision. */
export function addQuantizeCommand(program: Command, exit: (code: number) => void): void {
  program
    .command('quantize')
    .description('make a smaller form of a model: int8 for processors, fp16 for graphics processors')
    .argument('<model>', "an ONNX file, or a model from 'enlarger models'")
    .addOption(new Option('--to <variant>', 'which form').choices(['int8', 'fp16']).default('int8'))
    .option('--calibrate <dir>', 'int8: folder of photographs to calibrate and measure with', (path) =>
      resolve(path),
    )
    .option('--out <file>', 'the file to write (default: beside the model)', (path) => resolve(path))
    .option('--replace', 'replace the variant that an installed model has', false)
    .option('--max-loss <dB>', 'int8: PSNR that it may lose', decibels, 0.1)
    .addOption(
      new Option(
        '--weight-bits <bits>',
        'int8: 7 for processors without VNNI; auto: what this one computes rightly',
      )
        .choices(['auto', '7', '8'])
        .default('auto'),
    )
    .option('--json', 'one JSON object a line instead of words')
    .action(async (model: string, flags: Flags, command: Command) => {
      const { calibrate } = flags;
      if (flags.to === 'int8' && calibrate === undefined) {
        command.error("error: required option '--calibrate <dir>' not specified");
      }
      exit(await interruptible((signal) => run(model, flags, signal)));
    });
}

async function run(model: string, flags: Flags, signal: AbortSignal): Promise<number> {
  const machine = describeMachine();
  const write = (text: string) => process.stdout.write(text);
  const { columns, isTTY } = process.stdout;
  const reporter = flags.json
    ? new QuantizeLines(write)
    : new QuantizeWords(write, isTTY ? columns : undefined);
  const engine = await EngineClient.start(childProcessHost(engineEntry(), { quiet: true }), {
    workers: 1,
    queueDepth: 1,
    sequential: true,
    memoryBudget: defaultMemoryBudget(machine),
    scratch: scratchFolder(),
  });
  const { out, replace, calibrate, maxLoss, weightBits } = flags;
  const common = { model, models: modelFolders(), out, replace };
  try {
    if (flags.to === 'fp16' || calibrate === undefined) {
      for (const result of await halveModel(common, engine, signal)) reporter.halved(result);
      return EXIT.allDone;
    }
    const options: QuantiseOptions = {
      ...common,
      calibrate,
      maxLoss,
      weightBits: weightBits === 'auto' ? weightBits : weightBits === '7' ? 7 : 8,
      threads: machine.cores,
    };
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
