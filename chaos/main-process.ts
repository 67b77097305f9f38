import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Workplace } from './workplace.ts';

const PROGRAM = join(import.meta.dirname, '..', 'src', 'cli', 'index.ts');

/** One line of `--json`. */
export interface Line {
  event: string;
  state?: string;
  source?: string;
  [field: string]: unknown;
}

export interface Ended {
  exit: number | NodeJS.Signals;
  /** All of its lines, the last perhaps without its end. */
  lines: Line[];
  /** Resolves with what was written to standard error once main and its engine, which write there, are both gone. */
  gone: Promise<string>;
}

export type MainProcess = ChildProcessByStdio<null, Readable, Readable>;

/** Starts the real command line with `--json` in `workplace`. */
export function startMain(args: readonly string[], { home, temporary }: Workplace): MainProcess {
  return spawn(process.execPath, [PROGRAM, ...args, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ENLARGER_HOME: home, TMPDIR: temporary },
  });
}

/** Calls `onLine` with each line as it comes; resolves when main has ended, however it did, and all is read. */
export async function endOf(main: MainProcess, onLine: (line: Line) => void = () => {}): Promise<Ended> {
  const exited = once(main, 'exit');
  const gone = text(main.stderr);
  const lines: Line[] = [];
  for await (const written of createInterface(main.stdout)) {
    const line = parse(written);
    if (!line) continue;
    lines.push(line);
    onLine(line);
  }
  const [code, signal] = await exited;
  return { exit: signal ?? code, lines, gone };
}

/** Undefined for a line in the middle of which its writer was killed. */
function parse(written: string): Line | undefined {
  try {
    return JSON.parse(written) as Line;
  } catch {
    return undefined;
  }
}
