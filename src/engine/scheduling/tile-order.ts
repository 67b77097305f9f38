import type { Point } from './tile-task.ts';

/** What decides about a tile's turn within its lane. */
export interface Rank {
  /** Somebody is looking at the tile's job. */
  readonly focused: boolean;
  /** Counts the jobs in the order of their submission. */
  readonly jobOrder: number;
  /** From the focus, squared; 0 without one. */
  readonly distance: number;
  /** The tile's place in scan order. */
  readonly index: number;
}

/** For sorting, most urgent first: where the user is looking, then job by job, then scan order. */
export function compareRanks(a: Rank, b: Rank): number {
  if (a.focused !== b.focused) return a.focused ? -1 : 1;
  return a.jobOrder - b.jobOrder || a.distance - b.distance || a.index - b.index;
}

/** The squared distance of `tile` from `focus`: it sorts as the distance does. 0 without a focus. */
export function distanceFrom(focus: Point | undefined, tile: Point): number {
  return focus ? (tile.x - focus.x) ** 2 + (tile.y - focus.y) ** 2 : 0;
}
