import { readdirSync, readFileSync } from 'node:fs';

/** What runs on this machine, by /proc: Linux only. Processes that have ended do not count, waited for or not. */

export function childrenOf(pid: number): number[] {
  return everyProcess().filter((other) => parentOf(other) === pid);
}

/** All processes that were started with `variable` set to `value`, whoever their parents are by now. */
export function processesWith(variable: string, value: string): number[] {
  return everyProcess().filter((pid) => {
    const environment = read(`/proc/${pid}/environ`).split('\0');
    return environment.includes(`${variable}=${value}`) && parentOf(pid) !== undefined;
  });
}

function everyProcess(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** Undefined for a process that has ended. */
function parentOf(pid: number): number | undefined {
  const stat = read(`/proc/${pid}/stat`);
  // The name, in parentheses, may hold anything, blanks and parentheses too.
  const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return parent === undefined || state === 'Z' || state === 'X' ? undefined : Number(parent);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
