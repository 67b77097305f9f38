import { scaled } from '../../shared/tiles.ts';
import type { Levels } from './enlarge-tile.ts';
import { samplesOf } from './enlarge-tile.ts';
import type { SampleArray, Samples } from './gather.ts';
import { pieceAt, weightsOf } from './overlap.ts';
import { addToCell } from './seam-memory.ts';
import { type Cell, cellsOf } from './seams.ts';
import type { TileWork } from './tile-runner.ts';

export type BlendedWork = TileWork & Required<Pick<TileWork, 'seams'>>;

const COLOURS = 3;
/** Steps of a weight along one side: as many as leave room for a sample times two weights in 32 bits. */
const STEPS = { shallow: 2 ** 11, deep: 2 ** 8 };

/**
 * Brings the result of one tile, and what it reaches of its neighbours, to its place: rounded where no other tile reaches, into
 * sums elsewhere. Whoever adds the last tile to a sum divides and rounds it. The sums are of integers, so that the order in
 * which tiles are done makes no difference.
 */
export function blendTile(levels: Levels, work: BlendedWork): void {
  const { seams, tile, scale } = work;
  const place = scaled(tile, scale);
  const own = samplesOf(work.result);
  const below = samplesOf(seams.below);
  const row = 2 * pieceAt(seams.rows, place.y);
  for (const cell of cellsOf(seams, place)) {
    if (cell.tiles === 1) round(levels, cell, own);
    else add(levels, cell, work, cell.row > row ? below : own);
  }
}

function round({ data, place }: Levels, cell: Cell, frame: Samples): void {
  for (let row = 0; row < cell.place.height; row++) {
    const from = offsetIn(place, cell.place, row);
    const to = offsetInFrame(frame, cell.place, row);
    for (let index = 0; index < cell.place.width * COLOURS; index++) {
      frame.data[to + index] = (data[from + index] as number) + 0.5;
    }
  }
}

function add({ data, place }: Levels, cell: Cell, { seams, tile, scale }: BlendedWork, frame: Samples): void {
  const { x, y, width, height } = cell.place;
  const steps = stepsFor(frame.data);
  const begin = scaled(tile, scale);
  const across = weightsOf(seams.columns, pieceAt(seams.columns, begin.x), { from: x, to: x + width }, steps);
  const down = weightsOf(seams.rows, pieceAt(seams.rows, begin.y), { from: y, to: y + height }, steps);
  const one = steps ** 2;
  addToCell(seams, cell, (sums, added) => {
    for (let row = 0; row < height; row++) {
      const from = offsetIn(place, cell.place, row);
      const to = sums.start(row);
      for (let column = 0; column < width; column++) {
        const weight = one * (across[column] as number) * (down[row] as number);
        for (let index = column * COLOURS; index < (column + 1) * COLOURS; index++) {
          const part = Math.round((data[from + index] as number) * weight);
          // What stands there before the first is another picture's.
          sums.data[to + index] = added === 0 ? part : (sums.data[to + index] as number) + part;
        }
      }
      if (added + 1 < cell.tiles) continue;
      const result = offsetInFrame(frame, cell.place, row);
      for (let index = 0; index < width * COLOURS; index++) {
        frame.data[result + index] = (sums.data[to + index] as number) / one + 0.5;
      }
    }
  });
}

/** Where a row of `part` begins in rows of `whole` without gaps. */
const offsetIn = (whole: Cell['place'], part: Cell['place'], row: number) =>
  ((part.y + row - whole.y) * whole.width + part.x - whole.x) * COLOURS;

const offsetInFrame = ({ width, top = 0 }: Samples, part: Cell['place'], row: number) =>
  ((part.y + row - top) * width + part.x) * COLOURS;

const stepsFor = (samples: SampleArray) => (samples instanceof Uint16Array ? STEPS.deep : STEPS.shallow);
