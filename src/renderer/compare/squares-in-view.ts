import { SQUARE_SIDE } from '../../shared/contract/media.ts';
import type { SquarePlace } from '../../shared/squares.ts';
import type { Rect } from '../../shared/tiles.ts';
import type { Size } from './camera.ts';

/** Levels that main answers for. */
const LARGEST_LEVEL = 12;
/** Keeps 1/2 and 1/4 at their own levels whatever the arithmetic loses. */
const SLACK = 1e-6;

/**
 * The level to look at a picture by, where one pixel of it takes `zoom` pixels of the screen: its pixels are as small as
 * the screen's or smaller, and no level is smaller than one square.
 */
export function levelFor(zoom: number, size: Size): number {
  const last = Math.ceil(Math.log2(Math.max(size.width, size.height) / SQUARE_SIDE));
  const level = Math.floor(Math.log2(1 / zoom) + SLACK);
  return Math.max(0, Math.min(level, last, LARGEST_LEVEL));
}

/** What a square shows, in pixels of the whole picture. */
export function squarePart({ level, column, row }: SquarePlace, size: Size): Rect {
  const side = SQUARE_SIDE * 2 ** level;
  const [x, y] = [column * side, row * side];
  return { x, y, width: Math.min(side, size.width - x), height: Math.min(side, size.height - y) };
}

/** The squares of a level that show some of `part` (pixels of the whole picture), those nearest to its middle first. */
export function squaresInView(part: Rect, level: number, size: Size): SquarePlace[] {
  if (part.width <= 0 || part.height <= 0) return [];
  const side = SQUARE_SIDE * 2 ** level;
  const range = (start: number, length: number, all: number) => ({
    first: Math.max(0, Math.floor(start / side)),
    last: Math.min(Math.ceil(all / side), Math.ceil((start + length) / side)) - 1,
  });
  const columns = range(part.x, part.width, size.width);
  const rows = range(part.y, part.height, size.height);
  const places: SquarePlace[] = [];
  for (let row = rows.first; row <= rows.last; row++) {
    for (let column = columns.first; column <= columns.last; column++) places.push({ level, column, row });
  }
  const distance = ({ column, row }: SquarePlace) =>
    Math.hypot(
      (column + 0.5) * side - (part.x + part.width / 2),
      (row + 0.5) * side - (part.y + part.height / 2),
    );
  return places.sort((a, b) => distance(a) - distance(b));
}
