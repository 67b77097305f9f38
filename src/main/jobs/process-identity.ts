import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';

/** What tells one process from every other, a later one with the same id included. Empty where a system does not say. */
export interface ProcessIdentity {
  pid: number;
  host: string;
  /** Changes whenever the machine starts. */
  boot: string;
  /** Process ids mean something only within one of these. */
  namespace: string;
  /** When the process started, in ticks since the boot. */
  started: string;
}

/** For identities that were written into files. */
export const processIdentitySchema = z.object({
  pid: z.int(),
  host: z.string(),
  boot: z.string(),
  namespace: z.string(),
  started: z.string(),
}) satisfies z.ZodType<ProcessIdentity>;

export function thisProcess(): ProcessIdentity {
  return {
    pid: process.pid,
    host: `${hostname()}/${attempt(() => readFileSync('/etc/machine-id', 'utf8').trim())}`,
    boot: attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    namespace: attempt(() => readlinkSync('/proc/self/ns/pid')),
    started: startOf(process.pid) ?? '',
  };
}

/**
 * Whether the process `other` runs, as seen from `here`; undefined where that cannot be told: it is on another
 * machine or in another container, or its id is in use and the system does not say since when.
 */
export function isRunning(other: ProcessIdentity, here: ProcessIdentity): boolean | undefined {
  if (other.host !== here.host) return undefined;
  if (other.boot !== here.boot) return false;
  if (other.namespace !== here.namespace) return undefined;
  if (here.started !== '') return startOf(other.pid) === other.started;
  try {
    process.kill(other.pid, 0);
    return undefined;
  } catch (error) {
    // EPERM says that somebody else's process has the id.
    return (error as NodeJS.ErrnoException).code === 'ESRCH' ? false : undefined;
  }
}

/** Undefined for a process that has ended, also while its parent has not noticed. Linux only: see proc_pid_stat(5). */
function startOf(pid: number): string | undefined {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // The name, in parentheses, may hold anything, blanks and parentheses too.
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state === 'Z' || state === 'X' ? undefined : fields[18];
}

function attempt(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
