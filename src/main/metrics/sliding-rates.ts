import type { Metrics } from '../../shared/contract/metrics.ts';

/** What has been done since this process began; never less than before. */
export interface WorkTotals {
  tiles: number;
  /** Of sources. */
  pixels: number;
  files: number;
}

type Point = WorkTotals & { at: number };

/** Milliseconds that rates look back: tiles come by the second, files by the minute. */
const TILES_SPAN = 5_000;
const FILES_SPAN = 60_000;

/** How fast work was done lately, from totals that are told now and then. Times are milliseconds of one clock. */
export class SlidingRates {
  readonly #points: Point[] = [];

  /** Forgets what was before: rates count from here. */
  begin(totals: WorkTotals, at: number): void {
    this.#points.splice(0, this.#points.length, { ...totals, at });
  }

  /** The rates with these totals taken in. */
  add(totals: WorkTotals, at: number): Metrics['rates'] {
    this.#points.push({ ...totals, at });
    const [, second] = this.#points;
    if (second && second.at <= at - FILES_SPAN) this.#points.shift();
    const tiles = this.#since(at - TILES_SPAN);
    const files = this.#since(at - FILES_SPAN);
    return {
      tilesPerSecond: perSecond(totals.tiles - tiles.tiles, at - tiles.at),
      megapixelsPerSecond: perSecond((totals.pixels - tiles.pixels) / 1e6, at - tiles.at),
      filesPerMinute: perSecond(60 * (totals.files - files.files), at - files.at),
    };
  }

  /** The last point that is no later than `at`, else the first. */
  #since(at: number): Point {
    const found = this.#points.findLast((point) => point.at <= at) ?? this.#points[0];
    if (!found) throw new RangeError('There is no point yet.');
    return found;
  }
}

function perSecond(count: number, milliseconds: number): number {
  return milliseconds > 0 ? Math.max(0, count) / (milliseconds / 1000) : 0;
}
