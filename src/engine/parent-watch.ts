/** Looks at the parent this often, in milliseconds. */
const INTERVAL = 1000;

/** Looks for which the engine has time to end by itself, its scratch folder removed. */
const GRACE = 3;

/** How a process is looked at; tests have one of their own. */
interface Parenthood {
  /** The parent as the system tells it now: another one takes over the children of a process that is gone. */
  readonly ppid: number;
  readonly pid: number;
  kill(pid: number, signal: 0 | 'SIGKILL'): unknown;
}

/**
 * Ends this process soon after the one that `parent` was, in case that its coordinator hangs and does not see
 * that the line is cut. Returns what ends the watching.
 */
export function watchParent(parent: number, process: Parenthood): () => void {
  let missed = 0;
  const timer = setInterval(() => {
    missed = isGone(parent, process) ? missed + 1 : 0;
    if (missed > GRACE) process.kill(process.pid, 'SIGKILL');
  }, INTERVAL);
  return () => clearInterval(timer);
}

function isGone(parent: number, process: Parenthood): boolean {
  if (process.ppid !== parent) return true;
  try {
    process.kill(parent, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
