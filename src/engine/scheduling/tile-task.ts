/** Interactive work is what somebody looks at and waits for; batch work is everything else. */
export type Lane = 'interactive' | 'batch';

/** A place in the picture, in the pixels of whatever picture the tiles are cut from. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** One tile to be run. `payload` is the workers' business. */
export interface TileTask<Payload = unknown> {
  readonly jobId: string;
  /** The tile's place in scan order, and its name within the job: unique there. */
  readonly index: number;
  /** The tile's centre, in the unit of `Point`. */
  readonly x: number;
  readonly y: number;
  /** Expected work, above 0, in any unit that all jobs share (pixels, milliseconds). */
  readonly cost: number;
  readonly payload: Payload;
}

/** Runs its tiles one after another, in the order in which it is handed them. */
export interface TileWorker<Payload = unknown> {
  /** Unique among the scheduler's workers. */
  readonly id: number;
  /** Settles when the worker holds nothing of the tile any more. A rejection fails the tile's job. */
  run(tile: TileTask<Payload>): Promise<void>;
}

export interface TileJob<Payload = unknown> {
  /** Unique among the jobs that are not over. */
  readonly id: string;
  readonly lane: Lane;
  readonly tiles: readonly TileTask<Payload>[];
  /** Where the user is looking. `TileScheduler.setFocus` changes it. */
  readonly focus?: Point | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called once, when a worker is about to begin the first of its tiles. */
  readonly onBegin?: (() => void) | undefined;
  /** Called after each tile, while the job has neither failed nor been cancelled. What it throws fails the job. */
  readonly onTile?: ((tile: TileTask<Payload>, workerId: number) => void) | undefined;
}
