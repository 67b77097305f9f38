import { setTimeout as pause } from 'node:timers/promises';
import type { JobProgress } from '../../shared/engine-protocol.ts';
import { asEnlargerError } from '../../shared/errors.ts';
import type { BatchState } from '../../shared/jobs.ts';
import type { EngineSupervisor } from '../engine/supervisor/engine-supervisor.ts';
import type { LeasedFile } from '../jobs/job-store.ts';
import { EndJudge } from './end-judge.ts';
import type { FileEvent } from './file-event.ts';
import { enlargeFile, type FileStart, type FileWorkshop } from './file-work.ts';
import { FilesInWork } from './files-in-work.ts';
import type { Obstacle } from './obstacle.ts';
import { LEFT_ALONE } from './place-result.ts';
import { type WritingRecipe, writingRecipe } from './writing-recipe.ts';

export interface RunnerOptions {
  /** Files that the engine holds at once; enough to keep each of its stages busy. */
  inFlight: number;
  /** Folders beside the output folder whose disks are written to. */
  otherFolders: readonly string[];
  onFile(event: FileEvent): void;
  /** Jobs that moved on; their ids are those of the files. */
  onProgress(jobs: JobProgress[]): void;
  /** Something keeps all work from going on, and nothing: it goes on again. What does not go away pauses the batch. */
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
 * every file from being done is waited out, such as a full disk, or pauses the batch, such as an engine that cannot be kept
 * running.
 */
export class BatchRunner {
  readonly #workshop: Workshop;
  readonly #batchId: number;
  readonly #options: RunnerOptions;
  readonly #judge: EndJudge;
  readonly #inWork = new FilesInWork();
  /** Taken, and not begun. */
  readonly #waiting: LeasedFile[] = [];
  readonly #ending = new AbortController();
  #end: { state: 'paused' | 'cancelled'; reason: string } | undefined;
  #obstacle: Required<Obstacle> | undefined;
  #moved = Promise.withResolvers<void>();

  constructor(workshop: Workshop, batchId: number, options: RunnerOptions) {
    this.#workshop = workshop;
    this.#batchId = batchId;
    this.#options = options;
    this.#judge = new EndJudge(workshop);
  }

  /** Resolves to the state of the batch: `paused` if it was stopped or all that is left of it is, else that of its end. */
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
    this.#inWork.cancel(fileId);
    if (this.#inWork.has(fileId)) this.#workshop.engine.cancel([fileId]);
  }

  #stop(end: { state: 'paused' | 'cancelled'; reason: string }): void {
    this.#end ??= end;
    this.#ending.abort();
    this.#inWork.abort();
    this.#workshop.engine.cancel(this.#inWork.ids);
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
      if (this.#inWork.size === 0 && this.#waiting.length === 0 && !left && !this.#obstacle) return;
      if (this.#inWork.size === 0 && this.#end) return;
      await this.#moved.promise;
    }
  }

  /** Starts what may start; resolves to whether there was something to take. */
  async #fill(recipe: WritingRecipe): Promise<boolean> {
    const { jobs, owner } = this.#workshop;
    const free = this.#options.inFlight - this.#inWork.size - this.#waiting.length;
    const taken = free > 0 ? await jobs.take(this.#batchId, owner, free) : [];
    this.#waiting.push(...taken);
    for (let file = this.#waiting[0]; file && !this.#end && !this.#obstacle; file = this.#waiting[0]) {
      if (!this.#judge.mayStart(file, this.#inWork.ids)) break;
      const next = file;
      this.#waiting.shift();
      this.#start(next, (start) => this.#enlarge(next, recipe, start));
    }
    return taken.length > 0;
  }

  #start(file: LeasedFile, work: (start: FileStart) => Promise<FileEvent>): void {
    const { signal, turn } = this.#inWork.begin(file.id);
    this.#options.onFile({ state: 'started', file });
    const ended = async () => {
      const event = await work({ signal, turn }).finally(turn.taken);
      // A file that was stopped for good stays so, however the batch ends meanwhile.
      await this.#judge.note(file, event, this.#inWork.isCancelled(file.id) ? 'cancelled' : this.#end?.state);
      this.#options.onFile(event);
    };
    void ended()
      // The journal itself has failed: whoever runs this batch is told, and the journal knows the file as in work.
      .catch((error: unknown) => {
        this.#stop({ state: 'paused', reason: asEnlargerError(error, 'internal').message });
      })
      .finally(() => {
        this.#inWork.end(file.id);
        this.#move();
      });
  }

  async #enlarge(file: LeasedFile, recipe: WritingRecipe, start: FileStart): Promise<FileEvent> {
    const avoid = this.#judge.reasonToAvoid(file);
    try {
      const placed = await enlargeFile(this.#workshop, file, recipe, { ...start, avoid });
      if (!placed) return { state: 'skipped', file, reason: LEFT_ALONE };
      return { state: 'done', file, ...placed };
    } catch (error) {
      const places = { out: recipe.out, others: this.#options.otherFolders };
      const how = { places, end: this.#end?.state, avoided: avoid !== undefined };
      const { event, obstacle } = await this.#judge.failed(file, error, how);
      if (obstacle) this.#meet(obstacle);
      return event;
    }
  }

  /** What goes away by itself is waited out; what does not pauses the batch. */
  #meet({ reason, isGone }: Obstacle): void {
    if (isGone) {
      this.#obstacle ??= { reason, isGone };
    } else if (!this.#end) {
      this.#options.onObstacle(reason);
      this.pause(reason);
    }
  }

  async #waitOut(obstacle: Required<Obstacle>): Promise<void> {
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
    const { jobs, owner } = this.#workshop;
    for (const { id } of this.#waiting.splice(0)) {
      if (this.#inWork.isCancelled(id)) await jobs.finish(owner, id, { state: 'cancelled' });
      else await jobs.requeue(owner, [id]);
    }
  }

  #progress(progress: JobProgress[]): void {
    const own = progress.filter(({ jobId }) => this.#inWork.has(jobId));
    for (const { jobId, state } of own) {
      const known = state === 'verifying' ? 'encoding' : state;
      if (!this.#inWork.tell(jobId, known)) continue;
      void this.#workshop.jobs.move(this.#workshop.owner, jobId, known).catch(() => {});
    }
    if (own.length > 0) this.#options.onProgress(own);
  }

  #move(): void {
    this.#moved.resolve();
  }
}
