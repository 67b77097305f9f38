import { setTimeout as pause } from 'node:timers/promises';
import type { JobProgress } from '../../shared/engine-protocol.ts';
import { asEnlargerError, EnlargerError } from '../../shared/errors.ts';
import type { BatchState, WorkState } from '../../shared/jobs.ts';
import { deathOf } from '../engine/supervisor/engine-death.ts';
import type { EngineSupervisor } from '../engine/supervisor/engine-supervisor.ts';
import { Suspects } from '../engine/supervisor/suspicion.ts';
import type { FileOutcome, LeasedFile } from '../jobs/job-store.ts';
import type { FileEvent } from './file-event.ts';
import {
  enlargeFile,
  type FileStart,
  type FileWorkshop,
  finishedAs,
  LEFT_ALONE,
  type Turn,
  type WritingRecipe,
  writingRecipe,
} from './file-work.ts';
import { Inquest } from './inquest.ts';
import { type Obstacle, obstacleIn } from './obstacle.ts';

export interface RunnerOptions {
  /** Files that the engine holds at once; enough to keep each of its stages busy. */
  inFlight: number;
  /** Folders beside the output folder whose disks are written to. */
  otherFolders: readonly string[];
  onFile(event: FileEvent): void;
  /** Jobs that moved on; their ids are those of the files. */
  onProgress(jobs: JobProgress[]): void;
  /** Something keeps all work from going on, and nothing: it goes on again. */
  onObstacle(reason: string | undefined): void;
}

export interface Workshop extends FileWorkshop {
  engine: EngineSupervisor;
}

/** Milliseconds between two looks at whether an obstacle is gone, or another program has paused or cancelled the batch. */
const LOOK = 2_000;

/**
 * Works through one batch of the journal, several files at a time, until nothing of it is left or it is told to end.
 * One file that fails changes nothing for the others. What the engine dies of is found by trying suspects alone; what keeps
 * every file from being done, such as a full disk, is waited out.
 */
export class BatchRunner {
  readonly #workshop: Workshop;
  readonly #batchId: number;
  readonly #options: RunnerOptions;
  readonly #suspects = new Suspects<number>();
  readonly #inquest = new Inquest(this.#suspects);
  /** Files in work, and what ends the work on each. */
  readonly #active = new Map<number, AbortController>();
  readonly #waiting: LeasedFile[] = [];
  /** Files to stop for good, whether they have begun or are only taken. */
  readonly #cancelled = new Set<number>();
  /** What the journal was told last of each file in work. */
  readonly #told = new Map<number, WorkState>();
  readonly #ending = new AbortController();
  #end: { state: 'paused' | 'cancelled'; reason: string } | undefined;
  #obstacle: Obstacle | undefined;
  /** Resolves once all files so far have entered the engine. */
  #entered = Promise.resolve();
  #moved = Promise.withResolvers<void>();

  constructor(workshop: Workshop, batchId: number, options: RunnerOptions) {
    this.#workshop = workshop;
    this.#batchId = batchId;
    this.#options = options;
  }

  /** Resolves to the state of the batch: `paused` if it was stopped, else that of its end. */
  async run(): Promise<BatchState> {
    const { jobs, engine } = this.#workshop;
    const { recipe } = await jobs.batch(this.#batchId);
    const writing = writingRecipe(recipe);
    await jobs.setBatchState(this.#batchId, 'running');
    const stopListening = engine.onProgress((jobs) => this.#progress(jobs));
    const stopWatching = jobs.onChange((ids) => {
      if (ids.includes(this.#batchId)) this.#move();
    });
    const looking = setInterval(() => void this.#lookForEnd().catch(() => {}), LOOK);
    try {
      await this.#workOn(writing);
      await this.#requeueWaiting();
      if (this.#end) await jobs.setBatchState(this.#batchId, this.#end.state, this.#end.reason);
      return await jobs.settle(this.#batchId);
    } finally {
      clearInterval(looking);
      stopListening();
      stopWatching();
    }
  }

  /** Stops at once; what is in work goes back into the queue, to be done from its beginning. */
  pause(reason: string): void {
    this.#stop({ state: 'paused', reason });
  }

  /** Stops for good; what is in work leaves nothing behind. */
  cancel(reason: string): void {
    this.#stop({ state: 'cancelled', reason });
  }

  /** Stops one file for good that is in work for this runner. */
  cancelFile(fileId: number): void {
    this.#cancelled.add(fileId);
    const abort = this.#active.get(fileId);
    if (!abort) return;
    abort.abort();
    this.#workshop.engine.cancel([fileId]);
  }

  #stop(end: { state: 'paused' | 'cancelled'; reason: string }): void {
    this.#end ??= end;
    this.#ending.abort();
    for (const abort of this.#active.values()) abort.abort();
    this.#workshop.engine.cancel([...this.#active.keys()]);
    this.#move();
  }

  /** Another program may have asked for an end: the journal says so. */
  async #lookForEnd(): Promise<void> {
    const { state, reason } = await this.#workshop.jobs.batch(this.#batchId);
    // While there is an obstacle it is this runner that has paused the batch.
    if (state === 'cancelled' || (state === 'paused' && !this.#obstacle)) {
      this.#stop({ state, reason: reason ?? `${state} from outside` });
    }
  }

  async #workOn(recipe: WritingRecipe): Promise<void> {
    for (;;) {
      this.#moved = Promise.withResolvers();
      if (this.#obstacle) await this.#waitOut(this.#obstacle);
      const left = this.#end ? false : await this.#fill(recipe);
      if (this.#active.size === 0 && this.#waiting.length === 0 && !left && !this.#obstacle) return;
      if (this.#active.size === 0 && this.#end) return;
      await this.#moved.promise;
    }
  }

  /** Starts what may start; resolves to whether there was something to take. */
  async #fill(recipe: WritingRecipe): Promise<boolean> {
    const { jobs, owner } = this.#workshop;
    const free = this.#options.inFlight - this.#active.size - this.#waiting.length;
    const taken = free > 0 ? await jobs.take(this.#batchId, owner, free) : [];
    this.#waiting.push(...taken);
    for (let file = this.#waiting[0]; file && !this.#end && !this.#obstacle; file = this.#waiting[0]) {
      this.#suspects.remember(file.id, file.strikes);
      if (!this.#suspects.mayStart(file.id, this.#active.keys())) break;
      const next = file;
      this.#waiting.shift();
      this.#start(next, (start) => this.#enlarge(next, recipe, start));
    }
    return taken.length > 0;
  }

  #start(file: LeasedFile, work: (start: FileStart) => Promise<FileEvent>): void {
    const abort = new AbortController();
    const turn = this.#nextTurn();
    if (this.#cancelled.has(file.id)) abort.abort();
    this.#active.set(file.id, abort);
    this.#options.onFile({ state: 'started', file });
    const ended = async () => {
      const event = await work({ signal: abort.signal, turn }).finally(turn.taken);
      await this.#note(file, event);
      this.#options.onFile(event);
    };
    void ended()
      // The journal itself has failed: whoever runs this batch is told, and the journal knows the file as in work.
      .catch((error: unknown) => {
        this.#stop({ state: 'paused', reason: asEnlargerError(error, 'internal').message });
      })
      .finally(() => {
        this.#active.delete(file.id);
        this.#cancelled.delete(file.id);
        this.#told.delete(file.id);
        this.#move();
      });
  }

  #nextTurn(): Turn {
    const before = this.#entered;
    const entered = Promise.withResolvers<void>();
    this.#entered = before.then(() => entered.promise);
    return { before, taken: entered.resolve };
  }

  async #enlarge(file: LeasedFile, recipe: WritingRecipe, start: FileStart): Promise<FileEvent> {
    try {
      const placed = await enlargeFile(this.#workshop, file, recipe, start);
      if (!placed) return { state: 'skipped', file, reason: LEFT_ALONE };
      return { state: 'done', file, ...placed };
    } catch (error) {
      return this.#judge(file, error, recipe.out);
    }
  }

  /** What a failure means: for the file, or for all of them. */
  async #judge(file: LeasedFile, error: unknown, out: string): Promise<FileEvent> {
    const death = deathOf(error);
    if (death) {
      const { next, strikes } = await this.#inquest.verdict(file.id, death);
      if (strikes > file.strikes) await this.#workshop.jobs.strike(file.id, death.detail);
      if (next !== 'quarantine') return { state: 'retried', file, reason: death.detail };
      this.#workshop.engine.finished();
      return { state: 'failed', file, error: quarantined(file, death.detail) };
    }
    const typed = asEnlargerError(error, 'internal', { file: file.source });
    // Who cancels may stop the engine as well, so as not to wait for what cannot be interrupted.
    if (typed.code === 'cancelled' || (typed.code === 'stopped' && this.#end))
      return { state: 'cancelled', file };
    const { scale } = file.plan;
    const bytes = file.facts.width * file.facts.height * scale * scale * (file.facts.deep ? 8 : 4);
    const obstacle = await obstacleIn(typed, { out, others: this.#options.otherFolders }, bytes);
    if (!obstacle) return { state: 'failed', file, error: namingSource(typed, file.source) };
    this.#obstacle ??= obstacle;
    return { state: 'retried', file, reason: obstacle.reason };
  }

  /** Writes how a file's work ended into the journal. */
  async #note(file: LeasedFile, event: FileEvent): Promise<void> {
    const { jobs, owner } = this.#workshop;
    const outcome = await this.#outcomeOf(file, event);
    if (event.state !== 'retried') this.#suspects.finished(file.id);
    if (outcome) await jobs.finish(owner, file.id, outcome);
    else await jobs.requeue(owner, [file.id]);
  }

  /** Undefined for what is to be done again. */
  async #outcomeOf(file: LeasedFile, event: FileEvent): Promise<FileOutcome | undefined> {
    switch (event.state) {
      case 'done':
        return { state: 'done', ...(await finishedAs(this.#workshop.jobs, file, event)) };
      case 'failed':
        return { state: 'failed', code: event.error.code, reason: event.error.message };
      case 'skipped':
        return { state: 'skipped', reason: event.reason };
      case 'cancelled':
        return this.#end?.state === 'paused' ? undefined : { state: 'cancelled' };
      default:
        return undefined;
    }
  }

  async #waitOut(obstacle: Obstacle): Promise<void> {
    const { jobs } = this.#workshop;
    await this.#lookForEnd();
    if (!this.#end) {
      await jobs.setBatchState(this.#batchId, 'paused', obstacle.reason);
      this.#options.onObstacle(obstacle.reason);
    }
    while (!this.#end && !(await obstacle.isGone())) {
      await pause(LOOK, undefined, { signal: this.#ending.signal }).catch(() => {});
      // What was cancelled meanwhile cannot be made to run again.
      await this.#lookForEnd();
    }
    if (!this.#end) {
      await jobs.setBatchState(this.#batchId, 'running');
      this.#options.onObstacle(undefined);
    }
    this.#obstacle = undefined;
  }

  async #requeueWaiting(): Promise<void> {
    const ids = this.#waiting.splice(0).map(({ id }) => id);
    if (ids.length > 0) await this.#workshop.jobs.requeue(this.#workshop.owner, ids);
  }

  #progress(progress: JobProgress[]): void {
    const own = progress.filter(({ jobId }) => this.#active.has(jobId));
    for (const { jobId, state } of own) {
      const known = state === 'verifying' ? 'encoding' : state;
      if (this.#told.get(jobId) === known) continue;
      this.#told.set(jobId, known);
      void this.#workshop.jobs.move(this.#workshop.owner, jobId, known).catch(() => {});
    }
    if (own.length > 0) this.#options.onProgress(own);
  }

  #move(): void {
    this.#moved.resolve();
  }
}

function quarantined({ source }: LeasedFile, detail: string): EnlargerError {
  return new EnlargerError(
    'quarantined',
    `${source}: left out, because the engine died over it three times (${detail}). The file may be damaged; ` +
      'save it anew with another program and add that.',
    { file: source },
  );
}

/** An error about a temporary file or a tile is no help: the user knows the file by its source. */
function namingSource(error: EnlargerError, source: string): EnlargerError {
  if (error.message.includes(source)) return error;
  return new EnlargerError(error.code, `${source}: ${error.message}`, { file: source, cause: error });
}
