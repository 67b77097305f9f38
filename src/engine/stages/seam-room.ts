import { blendWithin } from '../../shared/network-geometry.ts';
import type { Plan } from '../../shared/plan.ts';
import { planTiles } from '../../shared/tiles.ts';
import { type SharedSeams, seamBytes } from '../inference/seam-memory.ts';
import { type SeamGrid, seamGrid } from '../inference/seams.ts';

/** Where in a frame's lease its tiles are blended, and what is blended there. */
export type SeamPlace = Omit<SharedSeams, 'buffer'>;

/** While the tiles of two bands are computed, each overlaps with the next, and the first with one that is done. */
const BANDED_ROWS = 3;
const ALIGNMENT = 8;

/** The seams of a picture's result under `plan`; undefined where its tiles agree, or it has one only. */
export function seamsOf(
  { width, height }: { width: number; height: number },
  plan: Plan,
): SeamGrid | undefined {
  const { scale, tile, blend = 0, network } = plan;
  const tiles = planTiles(width, height, tile, network?.multiple);
  return seamGrid({ width, height }, tiles, { scale, blend: blendWithin(tile, blend) });
}

/** The bytes of a lease of which `byteLength` are for pixels, and where its seams are; `banded`: those of a few bands. */
export function withSeams(
  grid: SeamGrid | undefined,
  byteLength: number,
  { banded = false } = {},
): { byteLength: number; seams?: SeamPlace } {
  if (!grid) return { byteLength };
  const offset = Math.ceil(byteLength / ALIGNMENT) * ALIGNMENT;
  const all = grid.rows.borders.length + 1;
  const tileRows = banded ? Math.min(all, BANDED_ROWS) : all;
  return { byteLength: offset + seamBytes(grid, tileRows), seams: { ...grid, offset, tileRows } };
}
