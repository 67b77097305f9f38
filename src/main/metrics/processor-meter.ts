import { availableParallelism, cpus } from 'node:os';
import type { Metrics } from '../../shared/contract/metrics.ts';
import { groupMilliseconds } from './control-group.ts';
import { type ProcessorTimes, processMilliseconds, processorTimes } from './proc-files.ts';
import { readText } from './read-text.ts';

/** Cores that Enlarger may use, and those of the machine: to ask that often holds a machine of many cores up. */
const CORES = availableParallelism();
const MACHINE_CORES = cpus().length;

/** What the processors have done until now. */
export interface ProcessorReading {
  /** Milliseconds, on a clock of its own. */
  at: number;
  cores: number;
  /** By all programs; undefined where the system does not say. */
  all: ProcessorTimes | undefined;
  /** Milliseconds computed by each of Enlarger's processes, by its id; undefined where the system does not say. */
  ours: ReadonlyMap<number, number | undefined>;
}

/** Reads what the processors have done, Enlarger's processes `pids` (this one is always meant) told apart. */
export async function readProcessor(pids: readonly number[]): Promise<ProcessorReading> {
  const others = [...new Set(pids)].filter((pid) => pid !== process.pid);
  const [all, ...milliseconds] = await Promise.all([timesOf(), ...others.map(millisecondsOf)]);
  const { user, system } = process.cpuUsage();
  const own = (user + system) / 1000;
  const ours = new Map([
    [process.pid, own],
    ...others.map((pid, index) => [pid, milliseconds[index]] as const),
  ]);
  return { at: performance.now(), cores: CORES, all, ours };
}

/**
 * What was done between two readings, as shares of all cores. A process that began in between counts from the next
 * reading on, and one that ended no more.
 */
export function processorShares(
  before: ProcessorReading | undefined,
  now: ProcessorReading,
): Metrics['processor'] {
  const { cores } = now;
  const elapsed = now.at - (before?.at ?? now.at);
  if (!before || elapsed <= 0) return { busy: null, ours: null, cores };
  return { busy: busyBetween(before.all, now.all), ours: oursBetween(before, now, elapsed), cores };
}

function busyBetween(before: ProcessorTimes | undefined, now: ProcessorTimes | undefined): number | null {
  if (!before || !now) return null;
  const [busy, idle] = [now.busy - before.busy, now.idle - before.idle];
  return busy + idle > 0 ? share(busy / (busy + idle)) : null;
}

function oursBetween(before: ProcessorReading, now: ProcessorReading, elapsed: number): number | null {
  let milliseconds = 0;
  for (const [pid, computed] of now.ours) {
    if (computed === undefined) return null;
    milliseconds += Math.max(0, computed - (before.ours.get(pid) ?? computed));
  }
  return share(milliseconds / elapsed / now.cores);
}

/**
 * The machine's own figures; where Enlarger is held to fewer cores than the machine has, those of its control group, so
 * that a container that does all it may is seen to.
 */
async function timesOf(): Promise<ProcessorTimes | undefined> {
  if (MACHINE_CORES > CORES) {
    const busy = await groupMilliseconds();
    return busy === undefined ? undefined : { busy, idle: performance.now() * CORES - busy };
  }
  if (process.platform === 'linux') return processorTimes(await readText('/proc/stat'));
  const sum = { busy: 0, idle: 0 };
  for (const { times } of cpus()) {
    sum.busy += times.user + times.nice + times.sys + times.irq;
    sum.idle += times.idle;
  }
  return sum;
}

async function millisecondsOf(pid: number): Promise<number | undefined> {
  return process.platform === 'linux' ? processMilliseconds(await readText(`/proc/${pid}/stat`)) : undefined;
}

const share = (number: number) => Math.min(1, Math.max(0, number));
