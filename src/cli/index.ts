import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { installationFolder } from '../main/installation.ts';
import { EnlargerError } from '../shared/errors.ts';
import { addEndCommands, addJobsCommand } from './batches/jobs-command.ts';
import { addResumeCommands } from './batches/resume-command.ts';
import { addDoctorCommand } from './doctor-command.ts';
import { addEnhanceCommand } from './enhance/enhance-command.ts';
import { EXIT } from './exit-codes.ts';
import { addModelsCommand } from './models/models-command.ts';
import { addQuantizeCommand } from './models/quantize-command.ts';
import { printable } from './output/printable.ts';
import { addServeCommand } from './serve-command.ts';

/** The command line. Every failure ends in one line on standard error and an exit code. */
async function main(): Promise<void> {
  const exit = (code: number) => {
    process.exitCode = code;
  };
  // Whoever reads along may leave (`| head`); the pictures are enlarged all the same.
  process.stdout.on('error', () => {});
  try {
    await commandLine(exit).parseAsync();
  } catch (error) {
    exit(exitCodeFor(error));
  }
}

function commandLine(exit: (code: number) => void): Command {
  const about = readFileSync(join(installationFolder(), 'package.json'), 'utf8');
  const program = new Command('enlarger')
    .description('Makes photographs better on your own machine.')
    .version((JSON.parse(about) as { version: string }).version)
    .showHelpAfterError("Run 'enlarger help enhance' for its options.")
    .configureOutput({ outputError: (text, write) => write(complaint(text)) })
    .option('--offline', 'use no network, whatever the settings say')
    .hook('preAction', (command) => {
      if (command.opts<{ offline?: true }>().offline) process.env.ENLARGER_OFFLINE = '1';
    })
    .exitOverride();
  addEnhanceCommand(program, exit);
  addResumeCommands(program, exit);
  addJobsCommand(program, exit);
  addEndCommands(program, exit);
  addModelsCommand(program, exit);
  addQuantizeCommand(program, exit);
  addServeCommand(program, exit);
  addDoctorCommand(program, exit);
  return program;
}

/** What commander says repeats the arguments, and those may be the names of files (`*`). */
function complaint(text: string): string {
  return text
    .replace(/^error: /, '✗ ')
    .split('\n')
    .map(printable)
    .join('\n');
}

function exitCodeFor(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.allDone : EXIT.badArguments;
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`✗ ${printable(message)}\n`);
  const aboutArguments = error instanceof EnlargerError && error.code === 'bad-argument';
  return aboutArguments ? EXIT.badArguments : EXIT.nothingDone;
}

await main();
