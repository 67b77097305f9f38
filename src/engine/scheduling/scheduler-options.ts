import { expectInteger } from './expect-arguments.ts';
import type { TileWorker } from './tile-task.ts';

export interface TileSchedulerOptions<Payload> {
  readonly workers: readonly TileWorker<Payload>[];
  /** How many tiles a worker has at once, from 1: with 2 it never waits for the coordinator. Default 2. */
  readonly depth?: number | undefined;
  /** The fewest workers that get tiles, from 1. Default 1. */
  readonly minConcurrency?: number | undefined;
  /** The most workers that get tiles, and how many do in the beginning. Default: all. */
  readonly maxConcurrency?: number | undefined;
  /** How many interactive tiles go first, at most, while a batch tile waits: an integer from 1. Default 7. */
  readonly interactiveBurst?: number | undefined;
}

export interface ResolvedOptions {
  readonly depth: number;
  readonly minConcurrency: number;
  readonly maxConcurrency: number;
  readonly interactiveBurst: number;
}

/** The options with their defaults. Throws `bad-argument` for one out of range, and without workers. */
export function resolveOptions<Payload>(options: TileSchedulerOptions<Payload>): ResolvedOptions {
  const { workers, depth = 2, minConcurrency = 1, maxConcurrency = workers.length } = options;
  const { interactiveBurst = 7 } = options;
  expectInteger('workers.length', workers.length, 1);
  expectInteger('depth', depth, 1);
  expectInteger('maxConcurrency', maxConcurrency, 1, workers.length);
  expectInteger('minConcurrency', minConcurrency, 1, maxConcurrency);
  expectInteger('interactiveBurst', interactiveBurst, 1);
  return { depth, minConcurrency, maxConcurrency, interactiveBurst };
}
