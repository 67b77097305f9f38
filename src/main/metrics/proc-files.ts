/** What files of Linux's /proc say. Pure: text in, figures out; undefined for what is not in the text. */

export interface ProcessorTimes {
  /** In whatever unit: only shares of them mean something. */
  busy: number;
  idle: number;
}

/** Milliseconds of a tick: a hundred ticks a second is what Linux tells programs (USER_HZ), whatever it counts by itself. */
const TICK = 10;

/**
 * The times of all processors together, from /proc/stat. What a hypervisor gave to others (`steal`) is neither busy nor
 * idle: no program of this machine had it. Source: proc_stat(5).
 */
export function processorTimes(stat: string): ProcessorTimes | undefined {
  const fields = /^cpu +(.+)$/m.exec(stat)?.[1]?.split(' ').map(Number);
  if (!fields || fields.length < 4 || fields.some(Number.isNaN)) return undefined;
  const [user = 0, nice = 0, system = 0, idle = 0, wait = 0, irq = 0, softIrq = 0] = fields;
  return { busy: user + nice + system + irq + softIrq, idle: idle + wait };
}

/** Milliseconds that a process and its threads have computed, from /proc/<pid>/stat. Source: proc_pid_stat(5). */
export function processMilliseconds(stat: string): number | undefined {
  // The name, in parentheses, may hold anything, blanks and parentheses too.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return Number.isNaN(ticks) ? undefined : ticks * TICK;
}

/**
 * Bytes of memory after a label such as `Pss` (/proc/<pid>/smaps_rollup) or `VmRSS` (/proc/<pid>/status).
 * Source: proc_pid_smaps(5), proc_pid_status(5).
 */
export function labelledBytes(text: string, label: string): number | undefined {
  const kibibytes = new RegExp(`^${label}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}

/** The number after a name in files such as memory.stat and cpu.stat of a control group. */
export function namedNumber(text: string, name: string): number | undefined {
  const found = new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}
