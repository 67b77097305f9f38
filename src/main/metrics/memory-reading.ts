import { totalmem } from 'node:os';
import type { Metrics } from '../../shared/contract/metrics.ts';
import { groupMemory } from './control-group.ts';
import { labelledBytes } from './proc-files.ts';
import { readText } from './read-text.ts';
import { within } from './within.ts';

/** Bytes in use, of the machine, or of the container that Enlarger is held in; undefined where nobody says. */
export async function usedMemory(total: number): Promise<number | undefined> {
  if (total < totalmem()) return groupMemory();
  return Math.max(0, total - process.availableMemory());
}

type ProcessMemory = Metrics['memory']['processes'][number];

/** Milliseconds that reading a process's memory may take. */
const PATIENCE = 500;
/** Linux walks all pages of a process to divide the shared ones: for each millisecond of that, so many without. */
const REST = 20;
/** So long a figure holds while the system is too slow to say the next, milliseconds. */
const HOLDS = 5_000;

/** Reads how much memory each of Enlarger's processes takes, as often as that is cheap. */
export class ProcessMemoryReader {
  readonly #known = new Map<number, { bytes: number; at: number; until: number }>();

  async read(processes: readonly Omit<ProcessMemory, 'bytes'>[]): Promise<ProcessMemory[]> {
    const pids = new Set(processes.map(({ pid }) => pid));
    for (const pid of this.#known.keys()) if (!pids.has(pid)) this.#known.delete(pid);
    return Promise.all(processes.map(async (one) => ({ ...one, bytes: await this.#bytesOf(one.pid) })));
  }

  async #bytesOf(pid: number): Promise<number | null> {
    const known = this.#known.get(pid);
    const begun = performance.now();
    if (known && begun < known.until) return known.bytes;
    const bytes = await within(processBytes(pid), PATIENCE);
    const now = performance.now();
    if (bytes === undefined) return known && now - known.at < HOLDS ? known.bytes : null;
    this.#known.set(pid, { bytes, at: now, until: now + REST * (now - begun) });
    return bytes;
  }
}

/**
 * Resident bytes of a process: its share of them (PSS) where Linux tells, else all (RSS). Undefined where the system
 * does not say, or there is no such process.
 */
export async function processBytes(pid: number): Promise<number | undefined> {
  const shared = labelledBytes(await readText(`/proc/${pid}/smaps_rollup`), 'Pss');
  if (shared !== undefined) return shared;
  const resident = labelledBytes(await readText(`/proc/${pid}/status`), 'VmRSS');
  return resident ?? (pid === process.pid ? process.memoryUsage.rss() : undefined);
}
