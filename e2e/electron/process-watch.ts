import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';

/** Ids of the processes that `pid` has started and whose command line has `word` in it. Linux. */
export function childrenOf(pid: number, word: string): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
  return children.filter((child) => commandLine(child).includes(word));
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** Resolves when a process that somebody else has started is gone. */
export async function ended(pid: number): Promise<void> {
  const watch = spawn('tail', ['--pid', String(pid), '-f', '/dev/null'], { stdio: 'ignore' });
  await once(watch, 'exit');
}
