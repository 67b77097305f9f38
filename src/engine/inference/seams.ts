import type { Rect } from '../../shared/tiles.ts';
import { type DividedLine, dividedLine, pieceAt, reachOf, scaledLine, segmentOf } from './overlap.ts';

/**
 * Where the results of tiles overlap that do not agree. All lengths are pixels of the result.
 *
 * Pieces of two lines that overlap divide a picture into cells: those of one tile alone, those of two neighbours, and those of
 * four where corners meet.
 */
export interface SeamGrid {
  columns: DividedLine;
  rows: DividedLine;
}

export interface Cell {
  /** Segments of both lines (overlap.ts). */
  column: number;
  row: number;
  place: Rect;
  /** How many tiles reach it. */
  tiles: number;
}

const COLOURS = 3;

/**
 * The seams of a picture of `size` whose tiles are `tiles`, all in pixels of the source, as are the `blend` by which each
 * reaches into the next. Undefined where nothing overlaps.
 */
export function seamGrid(
  size: { width: number; height: number },
  tiles: readonly Rect[],
  { scale, blend }: { scale: number; blend: number },
): SeamGrid | undefined {
  if (blend === 0 || tiles.length === 1) return undefined;
  const line = (length: number, starts: number[]) => scaledLine(dividedLine(length, starts, blend), scale);
  return {
    columns: line(
      size.width,
      tiles.map(({ x }) => x),
    ),
    rows: line(
      size.height,
      tiles.map(({ y }) => y),
    ),
  };
}

/** What of the result `tile` reaches, whose place without its overlaps is given. */
export function reachedBy({ columns, rows }: SeamGrid, tile: Rect): Rect {
  const across = reachOf(columns, pieceAt(columns, tile.x));
  const down = reachOf(rows, pieceAt(rows, tile.y));
  return { x: across.from, y: down.from, width: across.to - across.from, height: down.to - down.from };
}

/** The cells that `tile` reaches, row by row. */
export function cellsOf({ columns, rows }: SeamGrid, tile: Rect): Cell[] {
  const [across, down] = [2 * pieceAt(columns, tile.x), 2 * pieceAt(rows, tile.y)];
  const cells: Cell[] = [];
  for (const row of [down - 1, down, down + 1]) {
    for (const column of [across - 1, across, across + 1]) {
      const [x, y] = [segmentOf(columns, column), segmentOf(rows, row)];
      const place = { x: x.from, y: y.from, width: x.to - x.from, height: y.to - y.from };
      if (place.width === 0 || place.height === 0) continue;
      cells.push({ column, row, place, tiles: tilesAlong(column) * tilesAlong(row) });
    }
  }
  return cells;
}

/** A number for each cell of the picture, from 0 on. */
export function cellNumber({ columns }: SeamGrid, { column, row }: Cell): number {
  return row * segmentsOf(columns) + column;
}

/** How many numbers there are. */
export const cellCount = ({ columns, rows }: SeamGrid) => segmentsOf(columns) * segmentsOf(rows);

/**
 * The sums of one row of tiles and of its overlap with the next: first the rows that are its own, of which only the columns
 * where tiles overlap are there, then the shared ones.
 */
export interface SumLayout {
  /** Sums in each row of pixels. */
  own: number;
  shared: number;
  /** Where the shared ones begin, and how many there are in all. */
  ownLength: number;
  length: number;
}

export function sumLayout({ columns, rows }: SeamGrid): SumLayout {
  const own = 2 * columns.reach * columns.borders.length * COLOURS;
  const shared = columns.length * COLOURS;
  let tallest = 0;
  for (let row = 0; row <= 2 * rows.borders.length; row += 2) {
    const { from, to } = segmentOf(rows, row);
    tallest = Math.max(tallest, to - from);
  }
  const ownLength = own * tallest;
  return { own, shared, ownLength, length: ownLength + 2 * rows.reach * shared };
}

/** Bytes of what `tiles`, in pixels of the source, add to sums where they overlap. */
export function blendedBytes(grid: SeamGrid, tiles: readonly Rect[], scale: number): number {
  let bytes = 0;
  for (const { x, y } of tiles) {
    for (const { place, tiles: count } of cellsOf(grid, {
      x: x * scale,
      y: y * scale,
      width: 0,
      height: 0,
    })) {
      if (count > 1) bytes += place.width * place.height * COLOURS * Uint32Array.BYTES_PER_ELEMENT;
    }
  }
  return bytes;
}

const tilesAlong = (segment: number) => (segment % 2 === 0 ? 1 : 2);
const segmentsOf = ({ borders }: DividedLine) => 2 * borders.length + 1;
