import type { JobProgress } from '../shared/engine-protocol.ts';
import { type Rect, union } from '../shared/tiles.ts';

/**
 * The shortest time between two messages, in milliseconds: more often, nobody could see them. A timer may be a
 * millisecond early, and then it is still 33.
 */
const INTERVAL = 34;

/**
 * Conflates events at their source: keeps the latest state of each job and the smallest rectangle around all
 * that changed, and sends them at most once in 33 ms. A job has one record, which every event writes into.
 */
export class ProgressReporter {
  readonly #send: (jobs: JobProgress[]) => void;
  readonly #records = new Map<number, JobProgress>();
  readonly #changed = new Set<JobProgress>();
  #timer: NodeJS.Timeout | undefined;
  #sentAt = Number.NEGATIVE_INFINITY;

  /** `send` must be done with the records when it returns: they are used again. */
  constructor(send: (jobs: JobProgress[]) => void) {
    this.#send = send;
  }

  report(
    jobId: number,
    state: JobProgress['state'],
    tilesDone: number,
    tilesTotal: number,
    pixelsDone: number,
    dirty?: Rect,
  ): void {
    const record = this.#record(jobId);
    record.state = state;
    record.tilesDone = tilesDone;
    record.tilesTotal = tilesTotal;
    record.pixelsDone = pixelsDone;
    if (dirty) record.dirty = record.dirty ? union(record.dirty, dirty) : dirty;
    this.#changed.add(record);
    if (this.#timer) return;
    const wait = Math.max(0, this.#sentAt + INTERVAL - performance.now());
    this.#timer = setTimeout(() => this.flush(), wait);
  }

  /** Forgets a job that has ended, after a last message about it. */
  end(jobId: number): void {
    const record = this.#records.get(jobId);
    if (record && this.#changed.has(record)) this.flush();
    this.#records.delete(jobId);
  }

  /** Sends now what has not been sent. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#changed.size === 0) return;
    this.#sentAt = performance.now();
    this.#send([...this.#changed]);
    for (const record of this.#changed) delete record.dirty;
    this.#changed.clear();
  }

  #record(jobId: number): JobProgress {
    let record = this.#records.get(jobId);
    if (!record) {
      record = { jobId, state: 'decoding', tilesDone: 0, tilesTotal: 0, pixelsDone: 0 };
      this.#records.set(jobId, record);
    }
    return record;
  }
}
