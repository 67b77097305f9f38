import { inputArea, type NetworkGeometry } from '../../shared/network-geometry.ts';
import { planTiles, type Rect } from '../../shared/tiles.ts';
import { reflect } from '../inference/reflect.ts';
import { type FrameLayout, frameLayout } from './frame-layout.ts';
import type { Rows } from './load.ts';

/** One row of tiles, with the rows of the source that they look at. */
interface Band {
  tiles: Rect[];
  /** Rows of the source that the tiles cover. */
  covered: Rows;
  /** The same and what the network looks at around them, of the picture or its reflection. */
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
  { tile, ...network }: NetworkGeometry & { tile: { width: number; height: number } },
  limit: number,
): BandPlan | undefined {
  const { width, height } = frame;
  const bands = rowsOf(planTiles(width, height, tile, network.network?.multiple)).map((tiles) => {
    const [first] = tiles as [Rect];
    const held = rowsWithin(inputArea(first, network), height);
    return { tiles, covered: { top: first.y, rows: first.height }, held };
  });
  const tallest = Math.max(...bands.map(({ held }) => held.rows));
  const slot = frameLayout({ ...frame, height: tallest }, network.scale);
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

/** The rows of a picture of `height` that `area` shows, those included that it shows only reflected. */
function rowsWithin({ y, height: rows }: Rect, height: number): Rows {
  let [first, last] = [height, 0];
  for (let row = y; row < y + rows; row++) {
    const shown = reflect(row, height);
    first = Math.min(first, shown);
    last = Math.max(last, shown);
  }
  return { top: first, rows: last - first + 1 };
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
