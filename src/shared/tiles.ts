/** Where tiles lie. Pure: sizes in, rectangles out. All lengths are pixels of the source. */

export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

/**
 * Covers `width`×`height` with tiles of at most `tile`, in scan order, each pixel exactly once.
 *
 * The sides are divided evenly, so that no sliver is left at the right and bottom: a tile pays for its
 * padding whatever its size. Tiles begin at multiples of `multiple`, of which the sides of `tile` are multiples too.
 */
export function planTiles(
  width: number,
  height: number,
  tile: { width: number; height: number },
  multiple = 1,
): Rect[] {
  const columns = divide(width, tile.width, multiple);
  const rows = divide(height, tile.height, multiple);
  return rows.flatMap((row) =>
    columns.map((column) => ({ x: column.start, y: row.start, width: column.length, height: row.length })),
  );
}

function divide(length: number, largest: number, multiple: number): { start: number; length: number }[] {
  const count = Math.ceil(length / largest);
  const units = Math.ceil(length / multiple);
  const startOf = (index: number) => Math.min(length, Math.floor((index * units) / count) * multiple);
  return Array.from({ length: count }, (_, index) => {
    const start = startOf(index);
    return { start, length: startOf(index + 1) - start };
  });
}

/** The same rectangle in a picture `scale` times as large. */
export function scaled({ x, y, width, height }: Rect, scale: number): Rect {
  return { x: x * scale, y: y * scale, width: width * scale, height: height * scale };
}

/** The smallest rectangle around both. */
export function union(a: Rect, b: Rect): Rect {
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  const right = Math.max(a.x + a.width, b.x + b.width);
  const bottom = Math.max(a.y + a.height, b.y + b.height);
  return { x, y, width: right - x, height: bottom - y };
}

/** What lies in both; undefined if nothing does. */
export function intersection(a: Rect, b: Rect): Rect | undefined {
  const [x, y] = [Math.max(a.x, b.x), Math.max(a.y, b.y)];
  const width = Math.min(a.x + a.width, b.x + b.width) - x;
  const height = Math.min(a.y + a.height, b.y + b.height) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : undefined;
}
