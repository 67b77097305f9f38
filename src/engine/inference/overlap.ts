/** How pieces of a line overlap, and what each counts for where two of them do. Pure. Lengths are pixels. */

export interface DividedLine {
  length: number;
  /** Where a piece ends and the next begins. */
  borders: readonly number[];
  /** How far each reaches beyond its borders; a quarter of a piece at most, so that never three meet. */
  reach: number;
}

interface Span {
  from: number;
  to: number;
}

/** What a line that ends at `length` is divided into by pieces that begin at `starts`. */
export function dividedLine(length: number, starts: Iterable<number>, reach: number): DividedLine {
  const [, ...borders] = [...new Set(starts)].sort((a, b) => a - b);
  return { length, borders, reach };
}

/** The same line in a picture `scale` times as large. */
export function scaledLine({ length, borders, reach }: DividedLine, scale: number): DividedLine {
  return { length: length * scale, borders: borders.map((border) => border * scale), reach: reach * scale };
}

/** The place in the row of pieces of the one that begins at `start`. */
export function pieceAt({ borders }: DividedLine, start: number): number {
  return borders.filter((border) => border <= start).length;
}

/** All that a piece reaches. */
export function reachOf(line: DividedLine, piece: number): Span {
  return { from: segmentOf(line, 2 * piece - 1).from, to: segmentOf(line, 2 * piece + 1).to };
}

/**
 * The line's segments: that of an even index is of piece `index / 2` alone, that of an odd one belongs to two pieces. Those
 * beyond the ends of the line are empty, and others near them may be.
 */
export function segmentOf({ length, borders, reach }: DividedLine, index: number): Span {
  const shared = index % 2 !== 0;
  const [before, after] = shared
    ? [borders[(index - 1) / 2], borders[(index - 1) / 2]]
    : [borders[index / 2 - 1], borders[index / 2]];
  const within = (place: number) => Math.min(Math.max(0, place), length);
  const end = index < 0 ? 0 : length;
  if (shared && before === undefined) return { from: end, to: end };
  const from = before === undefined ? 0 : within(before + (shared ? -reach : reach));
  const to = after === undefined ? length : within(after + (shared ? reach : -reach));
  return { from, to: Math.max(from, to) };
}

/**
 * What a piece counts for in each pixel from `from` to `to`: 1 where it is alone, and a raised cosine where it overlaps with
 * the next, so that both together count for 1. Multiples of `1 / steps`, a power of two: their sums are exact.
 */
export function weightsOf(
  { borders, reach }: DividedLine,
  piece: number,
  span: Span,
  steps: number,
): Float64Array {
  const [before, after] = [borders[piece - 1], borders[piece]];
  return Float64Array.from({ length: span.to - span.from }, (_, index) => {
    const middle = span.from + index + 0.5;
    const rising = before === undefined ? 1 : riseAt(middle - before, reach, steps);
    const falling = after === undefined ? 1 : 1 - riseAt(middle - after, reach, steps);
    return rising * falling;
  });
}

/** From 0 to 1, at `distance` from the border in the middle. */
function riseAt(distance: number, reach: number, steps: number): number {
  if (distance <= -reach) return 0;
  if (distance >= reach) return 1;
  const share = (distance + reach) / (2 * reach);
  return Math.round((steps * (1 - Math.cos(Math.PI * share))) / 2) / steps;
}
