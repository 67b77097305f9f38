import type { Lane } from './tile-task.ts';

/** How many tiles are queued in each lane. */
export type LaneCounts = Readonly<Record<Lane, number>>;

/**
 * The lane of the next tile, or undefined if nothing is queued: interactive, unless batch work has watched
 * `burst` interactive tiles go first. `streak` counts those; so under full load batch gets one tile of
 * `burst + 1`, and is late by `burst` tiles at most.
 */
export function chooseLane(queued: LaneCounts, streak: number, burst: number): Lane | undefined {
  if (queued.interactive === 0) return queued.batch > 0 ? 'batch' : undefined;
  return queued.batch > 0 && streak >= burst ? 'batch' : 'interactive';
}

/** The streak after a tile of `lane` was taken with `queued` there to take from. */
export function nextStreak(streak: number, lane: Lane, queued: LaneCounts): number {
  return lane === 'interactive' && queued.batch > 0 ? streak + 1 : 0;
}
