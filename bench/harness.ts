import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** One line of docs/performance.md. */
export interface Finding {
  measure: string;
  /** What was seen, with its spread. */
  seen: string;
  bar: string;
  met: boolean | undefined;
}

export interface Benchmark {
  name: string;
  run(): Promise<Finding[]>;
}

export const cores = cpus().length;

/** Busy share of the machine that a benchmark tolerates from others, 0 to 1. */
const IDLE = 0.1;

/** Throws if something else keeps the machine busy: its figures would be about that. Linux only. */
export async function assertIdle(): Promise<void> {
  const before = readTicks();
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const after = readTicks();
  const busy = (after.busy - before.busy) / (after.all - before.all);
  if (busy > IDLE) {
    throw new Error(`The machine is ${Math.round(100 * busy)} % busy with something else. Stop that first.`);
  }
}

function readTicks(): { busy: number; all: number } {
  const [line] = readFileSync('/proc/stat', 'utf8').split('\n');
  const ticks = (line as string).trim().split(/\s+/).slice(1).map(Number);
  const all = ticks.reduce((sum, value) => sum + value, 0);
  return { all, busy: all - (ticks[3] as number) - (ticks[4] as number) };
}

/** Milliseconds that `work` takes. */
export async function timed(work: () => unknown): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** Both sides measured in turn, so that what changes in between falls on both. */
export async function alternating(
  rounds: number,
  a: () => Promise<number>,
  b: () => Promise<number>,
): Promise<{ a: number[]; b: number[] }> {
  const measured = { a: [] as number[], b: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    measured.a.push(await a());
    measured.b.push(await b());
  }
  return measured;
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((x, y) => x - y);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] as number;
}

export const median = (values: readonly number[]) => quantile(values, 0.5);

/** `1.23 (1.20–1.31)`: the median of `values` and all they span. */
export function spread(values: readonly number[], digits = 2): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return `${median(values).toFixed(digits)} (${low.toFixed(digits)}–${high.toFixed(digits)})`;
}

export function ratios(a: readonly number[], b: readonly number[]): number[] {
  return a.map((value, index) => value / (b[index] as number));
}

/** CPU seconds that a process has taken so far, its threads included. Linux only. */
export function cpuSecondsOf(pid: number | 'self'): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  const ticksPerSecond = 100;
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}
