import { cancelledError, type EnlargerError } from '../../shared/errors.ts';
import { distanceFrom, type Rank } from './tile-order.ts';
import type { Point, TileJob, TileTask } from './tile-task.ts';

/** A job that is not over: what is left of it, and how it will end. */
export class JobState<Payload> {
  readonly job: TileJob<Payload>;
  /** Counts the jobs in the order of their submission. */
  readonly order: number;
  readonly done = Promise.withResolvers<void>();
  /** Tiles in the deques, and tiles that workers have. */
  queued: number;
  inFlight = 0;
  focus: Point | undefined;
  #begun = false;
  #failure: EnlargerError | undefined;

  constructor(job: TileJob<Payload>, order: number) {
    this.job = job;
    this.order = order;
    this.queued = job.tiles.length;
    this.focus = job.focus;
  }

  /** Why the job ends early. The first reason stays. */
  get failure(): EnlargerError | undefined {
    return this.#failure;
  }

  /** The cancellation that was asked for, though perhaps its event has not reached us yet. */
  get requested(): EnlargerError | undefined {
    return this.job.signal?.aborted ? cancelledError(this.job.signal) : undefined;
  }

  get isOver(): boolean {
    return this.queued === 0 && this.inFlight === 0;
  }

  /** Called before each tile that a worker is given. */
  begin(): void {
    if (!this.#begun) this.job.onBegin?.();
    this.#begun = true;
  }

  fail(reason: EnlargerError): void {
    this.#failure ??= reason;
  }

  settle(): void {
    if (this.#failure) this.done.reject(this.#failure);
    else this.done.resolve();
  }
}

/** A tile in a deque. Its rank follows its job's focus. */
export class QueuedTile<Payload> implements Rank {
  readonly tile: TileTask<Payload>;
  readonly state: JobState<Payload>;
  focused = false;
  distance = 0;

  constructor(tile: TileTask<Payload>, state: JobState<Payload>) {
    this.tile = tile;
    this.state = state;
    this.rerank();
  }

  get jobOrder(): number {
    return this.state.order;
  }

  get index(): number {
    return this.tile.index;
  }

  get cost(): number {
    return this.tile.cost;
  }

  /** Makes up for a new focus. Only while the tile is in no deque: those are sorted. */
  rerank(): void {
    this.focused = this.state.focus !== undefined;
    this.distance = distanceFrom(this.state.focus, this.tile);
  }
}
