import type { JobProgress } from '../shared/engine-protocol.ts';

/** The shortest time between two messages: more often, nobody could see them. */
const INTERVAL = 33;

/** Keeps the latest state of each job and sends what changed, at most one message per 33 ms. */
export class ProgressReporter {
  readonly #send: (jobs: JobProgress[]) => void;
  readonly #changed = new Map<number, JobProgress>();
  #timer: NodeJS.Timeout | undefined;
  #sentAt = Number.NEGATIVE_INFINITY;

  constructor(send: (jobs: JobProgress[]) => void) {
    this.#send = send;
  }

  report(progress: JobProgress): void {
    this.#changed.set(progress.jobId, progress);
    if (this.#timer) return;
    const wait = Math.max(0, this.#sentAt + INTERVAL - performance.now());
    this.#timer = setTimeout(() => this.flush(), wait);
  }

  /** Sends now what has not been sent: before a job's answer, so that its last state comes first. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#changed.size === 0) return;
    this.#sentAt = performance.now();
    this.#send([...this.#changed.values()]);
    this.#changed.clear();
  }
}
