import type { EnhanceResult } from '../../../shared/engine-protocol.ts';
import { cancelledError } from '../../../shared/errors.ts';
import { deathOf } from './engine-death.ts';
import type { RequestTurns } from './request-turns.ts';

interface SupervisedJob {
  cancelled: AbortController;
  ended: Promise<EnhanceResult>;
}

/** The jobs of a supervisor, those that wait for an engine included, or for a request that has one to itself. */
export class SupervisedJobs {
  readonly #turns: RequestTurns;
  readonly #jobs = new Map<number, SupervisedJob>();

  constructor(turns: RequestTurns) {
    this.#turns = turns;
  }

  get ids(): number[] {
    return [...this.#jobs.keys()];
  }

  /**
   * Runs a job: `enhance` gets what `ready` resolves to. A job that is cancelled before that, or whose engine
   * dies after it was cancelled, rejects with `cancelled`.
   */
  async run<T>(
    jobId: number,
    ready: () => Promise<T>,
    enhance: (engine: T) => Promise<EnhanceResult>,
  ): Promise<EnhanceResult> {
    const cancelled = new AbortController();
    const ended = this.#enhanceUnless(cancelled.signal, ready, enhance);
    const job = { cancelled, ended };
    this.#jobs.set(jobId, job);
    try {
      return await ended;
    } finally {
      if (this.#jobs.get(jobId) === job) this.#jobs.delete(jobId);
    }
  }

  /** Cancels those of these jobs that wait. Returns the ends of all of them. */
  cancel(jobIds: readonly number[]): Promise<EnhanceResult>[] {
    const jobs = jobIds.map((jobId) => this.#jobs.get(jobId)).filter((job) => job !== undefined);
    for (const { cancelled } of jobs) cancelled.abort(cancelledError());
    return jobs.map(({ ended }) => ended);
  }

  async #enhanceUnless<T>(
    cancelled: AbortSignal,
    ready: () => Promise<T>,
    enhance: (engine: T) => Promise<EnhanceResult>,
  ): Promise<EnhanceResult> {
    const early = Promise.withResolvers<never>();
    const giveUp = () => early.reject(cancelledError(cancelled));
    cancelled.addEventListener('abort', giveUp, { once: true });
    const work = async () => {
      const engine = await Promise.race([ready(), early.promise]);
      if (cancelled.aborted) throw cancelledError(cancelled);
      cancelled.removeEventListener('abort', giveUp);
      return enhance(engine);
    };
    try {
      return await Promise.race([this.#turns.share(work), early.promise]);
    } catch (error) {
      if (cancelled.aborted && deathOf(error)) throw cancelledError(cancelled);
      throw error;
    }
  }
}
