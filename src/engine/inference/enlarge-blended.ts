import type { InferenceSession } from 'onnxruntime-node';
import { type Rect, scaled } from '../../shared/tiles.ts';
import type { Arrays } from './arrays.ts';
import { type BlendedWork, blendTile } from './blend-tile.ts';
import { weightsWithin } from './cuts.ts';
import { enlargeTile, type Levels } from './enlarge-tile.ts';
import { reachedBy } from './seams.ts';
import type { TensorLayout } from './tensor-layout.ts';
import { TileMemory } from './tile-memory.ts';
import type { TileOutcome, TileWork } from './tile-runner.ts';

const COLOURS = 3;

/**
 * Computes one tile and what it reaches of its neighbours, and blends it with theirs. Where memory is too short for it, in parts
 * that are blended with each other first: its neighbours do not see what it was made of.
 */
export async function enlargeBlended(
  session: InferenceSession,
  dtype: TensorLayout['dtype'],
  work: BlendedWork,
  arrays: Arrays,
): Promise<TileOutcome> {
  const started = performance.now();
  const whole = levelsFor(reachedBy(work.seams, scaled(work.tile, work.scale)), arrays, 'tile');
  const memory = new TileMemory();
  if (work.tilePixels !== undefined) memory.keep(work.session, work.tilePixels);
  let parts = 0;
  const { inference } = await memory.run(work, async (part) => {
    const { cuts } = part;
    const levels = cuts ? levelsFor(reachedByPart(part, work, whole.place), arrays, 'part') : whole;
    const milliseconds = await enlargeTile(session, dtype, part, arrays, levels);
    if (cuts && parts++ === 0) whole.data.fill(0);
    if (cuts) addPart(levels, whole, weightsWithin(cuts, scaled(part.tile, part.scale), levels.place));
    return { outcome: 'done', inference: milliseconds, total: milliseconds };
  });
  blendTile(whole, work);
  const tilePixels = memory.limit(work.session);
  return {
    ...{ outcome: 'done', inference, total: performance.now() - started },
    ...(tilePixels === undefined ? {} : { tilePixels }),
  };
}

function levelsFor(place: Rect, arrays: Arrays, name: string): Levels {
  return { data: arrays.floats(name, place.width * place.height * COLOURS), place };
}

/** What a part reaches: as far as the tile does where it ends with it, and as far into the other parts. */
function reachedByPart({ tile }: TileWork, { seams, scale }: BlendedWork, within: Rect): Rect {
  const { x, y, width, height } = scaled(tile, scale);
  const reach = seams.columns.reach;
  const [left, top] = [Math.max(within.x, x - reach), Math.max(within.y, y - reach)];
  const right = Math.min(within.x + within.width, x + width + reach);
  const bottom = Math.min(within.y + within.height, y + height + reach);
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function addPart(
  { data, place }: Levels,
  whole: Levels,
  { across, down }: ReturnType<typeof weightsWithin>,
): void {
  const [left, top] = [place.x - whole.place.x, place.y - whole.place.y];
  for (const [row, downwards] of down.entries()) {
    for (const [column, sideways] of across.entries()) {
      const from = (row * place.width + column) * COLOURS;
      const to = ((top + row) * whole.place.width + left + column) * COLOURS;
      for (let colour = 0; colour < COLOURS; colour++) {
        const value =
          (whole.data[to + colour] as number) + (data[from + colour] as number) * sideways * downwards;
        whole.data[to + colour] = value;
      }
    }
  }
}
