import { EnlargerError } from '../../shared/errors.ts';
import { halvedTile, inputFor, tileIn } from '../../shared/network-geometry.ts';
import { planTiles } from '../../shared/tiles.ts';
import { cutOf } from './cuts.ts';
import type { TileOutcome, TileWork } from './tile-runner.ts';

type Compute = (work: TileWork) => Promise<TileOutcome>;

type Size = Pick<TileWork['tile'], 'width' | 'height'>;

/**
 * Which tiles the memory of each session's device is too small for. Such a tile is computed in halves, and those in halves
 * again where need be; later ones begin with what went well.
 */
export class TileMemory {
  /** Pixels of the largest tile that may go well, by session. */
  readonly #limits = new Map<string, number>();

  /** Pixels of the largest tile that there may be memory for; undefined where none has been too large. */
  limit(session: string): number | undefined {
    return this.#limits.get(session);
  }

  /** That larger tiles of that session need not be tried. */
  keep(session: string, pixels: number): void {
    this.#limits.set(session, Math.min(this.#limits.get(session) ?? pixels, pixels));
  }

  /** Does `compute` for the tile of `work`, or for its parts one after the other. Throws what it throws for the smallest. */
  async run(work: TileWork, compute: Compute): Promise<TileOutcome> {
    const { session, network } = work;
    const room = roomOf(work);
    const smaller = halvedTile(room, network);
    const limit = this.#limits.get(session) ?? Number.POSITIVE_INFINITY;
    if (smaller && room.width * room.height > limit) return this.#parts(work, smaller, compute);
    try {
      return await compute(work);
    } catch (error) {
      if (!smaller || !(error instanceof EnlargerError) || error.code !== 'out-of-memory') throw error;
      this.keep(session, smaller.width * smaller.height);
      return this.#parts(work, smaller, compute);
    }
  }

  /** Does `compute` for a tile that it divides itself where need be. */
  async runDivided(work: TileWork, compute: Compute): Promise<TileOutcome> {
    const { session } = work;
    const tilePixels = this.#limits.get(session);
    const outcome = await compute(tilePixels === undefined ? work : { ...work, tilePixels });
    if (outcome.tilePixels !== undefined) this.keep(session, outcome.tilePixels);
    return outcome;
  }

  /** What is remembered of a session that is let go: the next one of its kind may find more memory. */
  forget(session: string): void {
    this.#limits.delete(session);
  }

  async #parts(work: TileWork, largest: Size, compute: Compute): Promise<TileOutcome> {
    const whole: TileOutcome = { outcome: 'done', inference: 0, total: 0 };
    for (const part of partsOf(work, largest)) {
      const { outcome, inference, total } = await this.run(part, compute);
      if (outcome === 'skipped') whole.outcome = outcome;
      whole.inference += inference;
      whole.total += total;
    }
    return whole;
  }
}

/** What memory is needed for: the tile, or all that its input has room for. */
function roomOf(work: TileWork): Size {
  return work.input ? tileIn(work.input, work) : work.tile;
}

function partsOf(work: TileWork, largest: Size): TileWork[] {
  const { tile, scale, network, input, seams, cuts = [] } = work;
  const parts = planTiles(tile.width, tile.height, largest, network?.multiple).map((part) => ({
    ...part,
    x: tile.x + part.x,
    y: tile.y + part.y,
  }));
  const cut = seams && cutOf(parts, largest, { scale, blend: seams.columns.reach / scale });
  return parts.map((part) => ({
    ...work,
    tile: part,
    ...(input ? { input: inputFor(largest, work) } : {}),
    ...(cut ? { cuts: [...cuts, cut] } : {}),
  }));
}
