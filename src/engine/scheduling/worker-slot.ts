import type { TileWorker } from './tile-task.ts';

/** A worker, with what it has and what it has done. */
export class WorkerSlot<Payload> {
  readonly worker: TileWorker<Payload>;
  /** Its place among the workers: the first ones stay active when concurrency is lowered. */
  readonly index: number;
  running = 0;
  completed = 0;
  steals = 0;

  constructor(worker: TileWorker<Payload>, index: number) {
    this.worker = worker;
    this.index = index;
  }
}
