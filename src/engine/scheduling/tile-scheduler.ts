import { asEnlargerError, cancelledError, EnlargerError } from '../../shared/errors.ts';
import { mayFillInbox } from './dealing.ts';
import { expectInteger, expectNewJob, expectTiles } from './expect-arguments.ts';
import { JobState, QueuedTile } from './job-state.ts';
import { chooseLane, nextStreak } from './lane-choice.ts';
import { type ResolvedOptions, resolveOptions, type TileSchedulerOptions } from './scheduler-options.ts';
import { schedulerStats, type TileSchedulerStats } from './scheduler-stats.ts';
import type { Point, TileJob } from './tile-task.ts';
import { WorkerDeques } from './worker-deques.ts';
import { WorkerSlot } from './worker-slot.ts';

/**
 * Hands the tiles of jobs to workers, at once and without timers: a deque per worker, from which the idle steal.
 * Interactive work goes first without starving batch work; within a lane, where the user is looking goes first,
 * then job by job in scan order. Nothing is handed out twice; what fails, fails its job alone.
 */
export class TileScheduler<Payload = unknown> {
  readonly #slots: readonly WorkerSlot<Payload>[];
  readonly #deques: WorkerDeques<Payload>;
  readonly #jobs = new Map<string, JobState<Payload>>();
  readonly #options: ResolvedOptions;
  readonly #idle = Promise.withResolvers<void>();
  #concurrency: number;
  #submitted = 0;
  #interactiveStreak = 0;
  #stopped: EnlargerError | undefined;

  /** Throws `bad-argument` for options out of range. */
  constructor(options: TileSchedulerOptions<Payload>) {
    this.#options = resolveOptions(options);
    this.#slots = options.workers.map((worker, index) => new WorkerSlot(worker, index));
    this.#deques = new WorkerDeques(this.#slots.length);
    this.#concurrency = this.#options.maxConcurrency;
  }

  /**
   * Runs all tiles of `job`. Those that workers have room for are handed to them before this returns.
   * Resolves when all have run. Rejects with the first error of a tile, with `cancelled` when the job's signal
   * aborts, with `stopped` after `stop`: from then on no further tile of the job is handed out, and the
   * promise rejects when those that were have come back. Rejects with `bad-argument` for an id in use or bad tiles.
   */
  async submit(job: TileJob<Payload>): Promise<void> {
    const { signal } = job;
    if (this.#stopped) throw this.#stopped;
    if (signal?.aborted) throw cancelledError(signal);
    expectNewJob(job.id, this.#jobs);
    expectTiles(job);
    const state = new JobState(job, this.#submitted++);
    const cancel = () => this.#abandon(state, cancelledError(signal));
    this.#jobs.set(job.id, state);
    signal?.addEventListener('abort', cancel, { once: true });
    const entries = job.tiles.map((tile) => new QueuedTile(tile, state));
    this.#deques.add(job.lane, entries, this.#concurrency);
    this.#fill();
    this.#settleIfOver(state);
    try {
      await state.done.promise;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** Where in the job's picture the user looks, undefined: nowhere. Ignored for a job that is over or unknown. */
  setFocus(jobId: string, focus: Point | undefined): void {
    const state = this.#jobs.get(jobId);
    if (!state) return;
    state.focus = focus;
    // Dealing anew has all workers turn to it, not only who has the tiles near it.
    this.#deques.redeal(state.job.lane, this.#concurrency);
  }

  /** Lets `workers` of them have new tiles, within the limits given. Throws `bad-argument` unless an integer. */
  setConcurrency(workers: number): void {
    expectInteger('concurrency', workers, Number.MIN_SAFE_INTEGER);
    const { minConcurrency, maxConcurrency } = this.#options;
    this.#concurrency = Math.min(Math.max(workers, minConcurrency), maxConcurrency);
    // Who is let go finishes what it has been handed. Left to thieves, what waits in its deques could wait for
    // ever: others steal when they run dry, and new jobs keep them from it.
    for (const lane of ['interactive', 'batch'] as const) this.#deques.redeal(lane, this.#concurrency);
    this.#fill();
  }

  /** Ends all jobs with `reason` and takes no more. Resolves when no worker has a tile any more. */
  stop(reason = new EnlargerError('stopped', 'The tile scheduler was stopped.')): Promise<void> {
    this.#stopped ??= reason;
    for (const state of [...this.#jobs.values()]) this.#abandon(state, this.#stopped);
    this.#tellIfIdle();
    return this.#idle.promise;
  }

  stats(): TileSchedulerStats {
    return schedulerStats(this.#slots, this.#deques, this.#concurrency);
  }

  /** Hands out what workers have room for: to each its first tile before anyone gets a second. */
  #fill(): void {
    const active = this.#slots.slice(0, this.#concurrency);
    for (let level = 0; level < this.#options.depth; level += 1) {
      for (const slot of active) {
        if (slot.running !== level) continue;
        const { interactive, batch } = this.#deques.queued;
        if (level > 0 && !mayFillInbox(interactive + batch, active.length)) return;
        const entry = this.#take(slot);
        if (!entry) return;
        void this.#run(slot, entry);
      }
    }
  }

  #take(slot: WorkerSlot<Payload>): QueuedTile<Payload> | undefined {
    for (;;) {
      const queued = this.#deques.queued;
      const lane = chooseLane(queued, this.#interactiveStreak, this.#options.interactiveBurst);
      const taken = lane && this.#deques.take(lane, slot.index);
      if (!taken) return undefined;
      const { state } = taken.entry;
      state.queued -= 1;
      // Another listener of the same signal may have called us before this job heard of it.
      const cancelled = state.requested;
      if (cancelled) {
        this.#abandon(state, cancelled);
        continue;
      }
      this.#interactiveStreak = nextStreak(this.#interactiveStreak, lane, queued);
      if (taken.stolen) slot.steals += 1;
      return taken.entry;
    }
  }

  async #run(slot: WorkerSlot<Payload>, { tile, state }: QueuedTile<Payload>): Promise<void> {
    slot.running += 1;
    state.inFlight += 1;
    try {
      state.begin();
      await slot.worker.run(tile);
      slot.completed += 1;
    } catch (error) {
      this.#abandon(state, asEnlargerError(error, 'inference-failed'));
    }
    slot.running -= 1;
    // The worker comes first: who listens to tiles may take its time.
    this.#fill();
    try {
      if (!state.failure) state.job.onTile?.(tile, slot.worker.id);
    } catch (error) {
      this.#abandon(state, asEnlargerError(error, 'internal'));
    }
    state.inFlight -= 1;
    this.#settleIfOver(state);
  }

  #abandon(state: JobState<Payload>, reason: EnlargerError): void {
    state.fail(reason);
    state.queued -= this.#deques.remove(state);
    this.#settleIfOver(state);
  }

  #settleIfOver(state: JobState<Payload>): void {
    if (!state.isOver || this.#jobs.get(state.job.id) !== state) return;
    this.#jobs.delete(state.job.id);
    state.settle();
    this.#tellIfIdle();
  }

  #tellIfIdle(): void {
    if (this.#stopped && this.#jobs.size === 0) this.#idle.resolve();
  }
}
