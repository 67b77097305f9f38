import { type Command, InvalidArgumentError } from 'commander';
import { defaultMemoryBudget, defaultParallelism, describeMachine } from '../main/machine.ts';
import { EXIT } from './exit-codes.ts';
import { JsonLines } from './output/json-lines.ts';
import type { Reporter } from './output/reporter.ts';
import { TerminalReporter } from './output/terminal.ts';

/** Options that all commands share which enlarge, and what they do with them. */

/** Adds `--workers`, `--sequential`, `--memory-budget` and `--json`. */
export function addRunOptions(command: Command): Command {
  const machine = describeMachine();
  const { workers } = defaultParallelism(machine);
  return command
    .option('--workers <n>', 'tiles computed at once', wholeNumber(1, 64), workers)
    .option('--sequential', 'one step at a time, for comparison', false)
    .option('--memory-budget <size>', 'memory in all, such as 4GB', size, defaultMemoryBudget(machine))
    .option('--json', 'one JSON object a line instead of words');
}

/** Does `work` with a signal that Ctrl-C aborts; the second Ctrl-C ends this process, and the engine with it. */
export async function interruptible(work: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const abort = new AbortController();
  const interrupt = () => {
    // Who asks twice does not want to wait; the journal knows what is left.
    if (abort.signal.aborted) process.exit(EXIT.someFailed);
    abort.abort();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  try {
    return await work(abort.signal);
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

export function reporterFor(json: boolean): Reporter {
  const write = (text: string) => process.stdout.write(text);
  if (json) return new JsonLines(write);
  return new TerminalReporter({ write, columns: process.stdout.isTTY ? process.stdout.columns : undefined });
}

export function wholeNumber(lowest: number, highest: number): (text: string) => number {
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
