import type { EnhanceJob } from '../shared/engine-protocol.ts';
import { cancelledError, EnlargerError } from '../shared/errors.ts';
import { type CancelFlag, CancelFlags } from './inference/cancel-flags.ts';

export interface ActiveJob extends Disposable {
  readonly flag: CancelFlag;
  /** Aborted with the error that `enhance` then fails with. */
  readonly signal: AbortSignal;
}

interface Entry {
  flag: CancelFlag;
  abort: AbortController;
}

/** The jobs in work, and the ways in which one is ended early: by request, or by its deadline. */
export class ActiveJobs {
  readonly #flags = new CancelFlags();
  readonly #entries = new Map<number, Entry>();

  /** Dispose of what this returns once nothing of the job is left. */
  begin({ jobId, deadline, source }: EnhanceJob): ActiveJob {
    if (this.#entries.has(jobId)) throw new EnlargerError('bad-argument', `Job ${jobId} is in work already.`);
    const entry = { flag: this.#flags.take(), abort: new AbortController() };
    this.#entries.set(jobId, entry);
    const timer = deadline && setTimeout(() => endEarly(entry, tooLate(source, deadline)), deadline);
    return {
      flag: entry.flag,
      signal: entry.abort.signal,
      [Symbol.dispose]: () => {
        clearTimeout(timer);
        this.#entries.delete(jobId);
        entry.flag.release();
      },
    };
  }

  /** When this returns, no later tile of these jobs (of all, without `jobIds`) can start. */
  cancel(jobIds: readonly number[] = [...this.#entries.keys()]): void {
    for (const jobId of jobIds) {
      const entry = this.#entries.get(jobId);
      if (entry) endEarly(entry, cancelledError());
    }
  }
}

function endEarly({ flag, abort }: Entry, reason: EnlargerError): void {
  // The flag first: it stops tiles that lie in a worker's inbox already.
  flag.set();
  abort.abort(reason);
}

function tooLate(source: string, deadline: number): EnlargerError {
  return new EnlargerError('deadline-exceeded', `${source}: not done within ${deadline / 1000} s.`, {
    file: source,
  });
}
