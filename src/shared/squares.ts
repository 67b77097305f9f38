import { SQUARE_SIDE } from './contract/media.ts';
import type { Rect } from './tiles.ts';

/** Where the squares lie that large pictures are looked at by. Pure. */

/** One square of a picture that is reduced `2 ** level` times. */
export interface SquarePlace {
  level: number;
  column: number;
  row: number;
}

interface Size {
  width: number;
  height: number;
}

/**
 * Pixels of a picture of `size` reduced `2 ** level` times. Rounded up: at the right and lower edges a pixel may stand for
 * fewer than the others, and all pixels lie where `2 ** level` times their place is.
 */
export function reducedSize({ width, height }: Size, level: number): Size {
  return { width: Math.ceil(width / 2 ** level), height: Math.ceil(height / 2 ** level) };
}

/** A square's rectangle in the reduced picture; undefined if it lies beyond it. */
export function squareRect(size: Size, { level, column, row }: SquarePlace): Rect | undefined {
  const reduced = reducedSize(size, level);
  const [x, y] = [column * SQUARE_SIDE, row * SQUARE_SIDE];
  if (x >= reduced.width || y >= reduced.height) return undefined;
  return {
    x,
    y,
    width: Math.min(SQUARE_SIDE, reduced.width - x),
    height: Math.min(SQUARE_SIDE, reduced.height - y),
  };
}
