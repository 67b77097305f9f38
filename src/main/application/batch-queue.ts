import { asEnlargerError } from '../../shared/errors.ts';
import { BatchRunner, type Workshop } from '../batch/batch-runner.ts';
import type { WorkWatch } from '../metrics/work-watch.ts';
import type { EventHub } from './event-hub.ts';

export interface QueueOptions {
  /** Folders beside the output folders whose disks are written to. */
  otherFolders: readonly string[];
  /** Is told what happens. */
  hub: EventHub;
  /** Counts what is done. */
  work: WorkWatch;
}

/** Files that the engine holds without running dry. */
const IN_FLIGHT = 6;
/** A codec in the middle of a picture cannot be interrupted; so long after `close` its process is, milliseconds. */
const GRACE = 2_000;

/** Why a batch is paused that goes on at the next start. */
export const CLOSED = 'Enlarger was closed';
const BY_USER = 'by the user';

interface Current {
  batchId: number;
  runner: BatchRunner;
  /** Told to end: what is asked for now is for its next turn. */
  ending: boolean;
  /** Asked for while it was running. */
  again: boolean;
}

/** Runs batches of the journal one after the other, in the order in which they were added. */
export class BatchQueue {
  readonly #workshop: Workshop;
  readonly #options: QueueOptions;
  readonly #waiting: number[] = [];
  #current: Current | undefined;
  #running: Promise<void> | undefined;
  #closed = false;

  constructor(workshop: Workshop, options: QueueOptions) {
    this.#workshop = workshop;
    this.#options = options;
  }

  /** Runs a batch when its turn comes. One that waits, or is running, is not added twice. */
  add(batchId: number): void {
    // Whoever asks for a batch wants an engine tried again that could not be kept running.
    this.#workshop.engine.reset();
    if (this.#current?.batchId === batchId) this.#current.again = true;
    else if (!this.#waiting.includes(batchId)) this.#waiting.push(batchId);
    this.#running ??= this.#run();
  }

  /** Whether a batch is running, and not about to be stopped, or waits for its turn. */
  has(batchId: number): boolean {
    const runs = this.#current?.batchId === batchId && !this.#current.ending;
    return runs || this.#waiting.includes(batchId);
  }

  /** Batches that wait for their turn. */
  get waiting(): readonly number[] {
    return this.#waiting;
  }

  /** Resolves when the journal has it paused, or told to be. */
  async pause(batchId: number): Promise<void> {
    await this.#end(batchId, 'paused');
  }

  async cancel(batchId: number): Promise<void> {
    await this.#end(batchId, 'cancelled');
    await this.#workshop.jobs.settle(batchId);
    this.#options.hub.reload(batchId);
  }

  /** Stops files that are in work for the batch that is running. */
  cancelFiles(fileIds: readonly number[]): void {
    for (const id of fileIds) this.#current?.runner.cancelFile(id);
  }

  /** Pauses what is running so that it goes on at the next start, and waits for its end. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#waiting.length = 0;
    if (this.#current) {
      this.#current.ending = true;
      this.#current.runner.pause(CLOSED);
    }
    const grace = setTimeout(() => this.#workshop.engine.kill(), GRACE);
    await this.#running;
    clearTimeout(grace);
  }

  async #end(batchId: number, state: 'paused' | 'cancelled'): Promise<void> {
    const waiting = this.#waiting.indexOf(batchId);
    if (waiting >= 0) this.#waiting.splice(waiting, 1);
    const reason = `${state} ${BY_USER}`;
    if (this.#current?.batchId === batchId) {
      this.#current.ending = true;
      this.#current.again = false;
      this.#current.runner[state === 'paused' ? 'pause' : 'cancel'](reason);
    }
    this.#options.hub.obstacle(batchId, undefined);
    await this.#workshop.jobs.setBatchState(batchId, state, reason);
  }

  async #run(): Promise<void> {
    for (
      let next = this.#waiting.shift();
      next !== undefined && !this.#closed;
      next = this.#waiting.shift()
    ) {
      const current: Current = { batchId: next, runner: this.#runnerOf(next), ending: false, again: false };
      this.#current = current;
      this.#options.work.began(next);
      this.#options.hub.obstacle(next, undefined);
      const state = await current.runner.run().catch((error: unknown) => {
        // The journal itself has failed, or the batch is gone: the next one may fare better.
        this.#options.hub.notice(asEnlargerError(error, 'internal').message);
        return undefined;
      });
      this.#current = undefined;
      this.#options.work.ended(next);
      // What does not go away by itself keeps the batch till somebody asks for it again.
      if (current.ending || state !== 'paused') this.#options.hub.obstacle(next, undefined);
      if (current.again && !this.#closed && (await this.#hasQueued(next))) this.#waiting.push(next);
    }
    this.#running = undefined;
  }

  /** What was queued again while the run came to its end; to run a batch that has ended would open it again. */
  async #hasQueued(batchId: number): Promise<boolean> {
    const { files } = await this.#workshop.jobs.batch(batchId);
    return files.queued > 0;
  }

  #runnerOf(batchId: number): BatchRunner {
    const { hub, otherFolders, work } = this.#options;
    return new BatchRunner(this.#workshop, batchId, {
      inFlight: IN_FLIGHT,
      otherFolders,
      onFile: (event) => {
        work.file(event);
        hub.file(event);
      },
      onProgress: (jobs) => {
        work.progress(jobs);
        hub.progress(batchId, jobs);
      },
      onObstacle: (reason) => {
        work.obstacle(batchId, reason);
        hub.obstacle(batchId, reason);
      },
    });
  }
}
