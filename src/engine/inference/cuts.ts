import { blendWithin } from '../../shared/network-geometry.ts';
import type { Rect } from '../../shared/tiles.ts';
import { type DividedLine, dividedLine, pieceAt, scaledLine, weightsOf } from './overlap.ts';

/** How a tile was divided that memory was too short for: its parts are blended as tiles are. In pixels of the result. */
export interface Cut {
  columns: DividedLine;
  rows: DividedLine;
}

/** Fine enough that a step between two parts is far below a level. */
const STEPS = 2 ** 11;

/** `parts`, each of `largest` at most, and how far they may reach into each other: pixels of the source. */
export function cutOf(
  parts: readonly Rect[],
  largest: { width: number; height: number },
  { scale, blend }: { scale: number; blend: number },
): Cut {
  const reach = blendWithin(largest, blend);
  const line = (ends: number[], starts: number[]) =>
    scaledLine(dividedLine(Math.max(...ends), starts, reach), scale);
  return {
    columns: line(
      parts.map(({ x, width }) => x + width),
      parts.map(({ x }) => x),
    ),
    rows: line(
      parts.map(({ y, height }) => y + height),
      parts.map(({ y }) => y),
    ),
  };
}

/** What each column and each row of `place` counts for in a part that begins at `part`, cut so from the outside in. */
export function weightsWithin(
  cuts: readonly Cut[],
  part: Pick<Rect, 'x' | 'y'>,
  place: Rect,
): { across: Float64Array; down: Float64Array } {
  const across = new Float64Array(place.width).fill(1);
  const down = new Float64Array(place.height).fill(1);
  for (const { columns, rows } of cuts) {
    multiply(across, columns, part.x, place.x);
    multiply(down, rows, part.y, place.y);
  }
  return { across, down };
}

function multiply(weights: Float64Array, line: DividedLine, start: number, from: number): void {
  const span = { from, to: from + weights.length };
  const here = weightsOf(line, pieceAt(line, start), span, STEPS);
  for (const [index, weight] of here.entries()) weights[index] = (weights[index] as number) * weight;
}
