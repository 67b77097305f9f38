import type { JobProgress, JobState } from '../../../shared/engine-protocol.ts';
import { type JobPixels, stageLimit } from './stage-limit.ts';

interface WatchedJob extends JobPixels {
  /** What the engine has reported; absent while the job waits for its turn. */
  begun?: { state: JobState; tilesDone: number };
}

/**
 * Watches whether the jobs of one engine move on. All of them stand still for as long as the most patient of
 * those begun may: then the engine hangs.
 *
 * One job's rest alone says nothing: it may wait for memory that another holds, for room in the next stage,
 * or, finished, for the one before it, as results leave in order. A job that is stuck stops the others soon,
 * for the same reasons. Times are milliseconds of one clock.
 */
export class JobWatch {
  readonly #limitOf: typeof stageLimit;
  readonly #jobs = new Map<number, WatchedJob>();
  #movedAt = 0;

  constructor(limitOf = stageLimit) {
    this.#limitOf = limitOf;
  }

  get size(): number {
    return this.#jobs.size;
  }

  begin(jobId: number, pixels: JobPixels): void {
    this.#jobs.set(jobId, pixels);
  }

  /** Takes in what the engine reports. */
  progress(jobs: readonly JobProgress[], now: number): void {
    for (const { jobId, state, tilesDone } of jobs) {
      const job = this.#jobs.get(jobId);
      if (!job || (job.begun?.state === state && job.begun.tilesDone === tilesDone)) continue;
      job.begun = { state, tilesDone };
      this.#movedAt = now;
    }
  }

  end(jobId: number, now: number): void {
    if (this.#jobs.delete(jobId)) this.#movedAt = now;
  }

  /** Counts from `now`, as if something had just moved: nobody could see what happened before. */
  startAnew(now: number): void {
    this.#movedAt = now;
  }

  /** What hangs, in words; `undefined` while nothing does. */
  overdue(now: number): string | undefined {
    let [patience, state] = [0, undefined as JobState | undefined];
    for (const { begun, ...pixels } of this.#jobs.values()) {
      const limit = begun ? this.#limitOf(begun.state, pixels) : 0;
      if (begun && limit > patience) [patience, state] = [limit, begun.state];
    }
    if (state === undefined || now - this.#movedAt <= patience) return undefined;
    return `${state} has not moved on for ${patience / 1000} s`;
  }
}
