import { planTiles, type Rect } from '../../shared/tiles.ts';
import { type FrameLayout, frameLayout } from './frame-layout.ts';
import type { Rows } from './load.ts';

/** One row of tiles, with the rows of the source that they look at. */
interface Band {
  tiles: Rect[];
  /** Rows of the source that the tiles cover. */
  covered: Rows;
  /** The same and the network's reach around them, as far as the picture goes. */
  held: Rows;
}

/** How a picture that memory cannot hold whole goes through it: a few bands at a time, each in a slot. */
export interface BandPlan {
  bands: Band[];
  /** Where the parts of each slot lie in the lease. */
  slots: FrameLayout[];
  byteLength: number;
}

/** One band is read and another written while the tiles of two are computed. */
const MOST_SLOTS = 4;

/**
 * Divides a picture into bands, in so many slots as `limit` bytes can hold. Undefined if they cannot hold one.
 * The tiles are those of the undivided picture.
 */
export function planBands(
  frame: { width: number; height: number; bands: number; deep: boolean },
  { scale, tile, radius }: { scale: number; tile: { width: number; height: number }; radius: number },
  limit: number,
): BandPlan | undefined {
  const bands = rowsOf(planTiles(frame.width, frame.height, tile)).map((tiles) => {
    const [{ y: top, height: rows }] = tiles as [Rect];
    const first = Math.max(0, top - radius);
    const end = Math.min(frame.height, top + rows + radius);
    return { tiles, covered: { top, rows }, held: { top: first, rows: end - first } };
  });
  const tallest = Math.max(...bands.map(({ held }) => held.rows));
  const slot = frameLayout({ ...frame, height: tallest }, scale);
  const stride = Math.ceil(slot.byteLength / 8) * 8;
  const count = Math.min(MOST_SLOTS, bands.length, Math.floor(limit / stride));
  if (count === 0) return undefined;
  return {
    bands,
    slots: Array.from({ length: count }, (_, index) => moved(slot, index * stride)),
    byteLength: count * stride,
  };
}

function rowsOf(tiles: readonly Rect[]): Rect[][] {
  return [...Map.groupBy(tiles, ({ y }) => y).values()];
}

function moved({ byteLength, source, alpha, result, joined }: FrameLayout, by: number): FrameLayout {
  return {
    byteLength,
    source: source + by,
    ...(alpha === undefined ? {} : { alpha: alpha + by }),
    result: result + by,
    joined: joined + by,
  };
}
