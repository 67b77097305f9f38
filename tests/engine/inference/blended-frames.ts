import { clearSeams, seamBytes } from '../../../src/engine/inference/seam-memory.ts';
import { seamGrid } from '../../../src/engine/inference/seams.ts';
import { type SharedFrame, TileRunner, type TileWork } from '../../../src/engine/inference/tile-runner.ts';
import { blendedTile, blendWithin } from '../../../src/shared/network-geometry.ts';
import { planTiles } from '../../../src/shared/tiles.ts';
import { randomNumbers } from '../../support/pictures.ts';
import type { Foreign } from './foreign-frames.ts';
import { sharedFrame } from './shared-frames.ts';

interface BlendOptions {
  seed?: number;
  /** False: tiles of the same places only border on each other. */
  blended?: boolean;
  /** Of the largest tile that there is memory for. */
  tilePixels?: number;
}

/** What `source` becomes, in tiles of at most `side` pixels that are blended, one after the other in an order that `seed` says. */
export async function enlargeBlended(
  { onnx, dtype = 'float32', range, ...network }: Foreign,
  source: SharedFrame,
  side: number,
  { seed = 1, blended = true, tilePixels }: BlendOptions = {},
): Promise<SharedFrame> {
  const runner = new TileRunner();
  const spec = { modelId: 'foreign', variant: 'fp32', file: 'foreign.onnx', sha256: 'x' } as const;
  await runner.load({ ...spec, dtype, provider: 'cpu', threads: 1 }, onnx, 'foreign');
  const { width, height, deep } = source;
  const { scale } = network;
  const result = sharedFrame(width * scale, height * scale, deep);
  const { tile, blend } = blendedTile({ width: side, height: side }, network);
  const tiles = planTiles(width, height, tile, network.network?.multiple);
  const grid = seamGrid(source, tiles, { scale, blend: blended ? blendWithin(tile, blend) : 0 });
  const seams = grid && seamsIn(grid, result);
  const random = randomNumbers(seed);
  const limit = tilePixels === undefined ? {} : { tilePixels };
  const flags = { flags: new SharedArrayBuffer(4), flag: 0 };
  for (const rect of tiles.toSorted(() => random() - 0.5)) {
    const work: TileWork = { session: 'foreign', ...network, blend, source, result, tile: rect, ...flags };
    await runner.run({ ...work, ...(range ? { range } : {}), ...(seams ? { seams } : {}), ...limit });
  }
  await runner.unload('foreign');
  return result;
}

/** Memory for all seams, in which something stands already. */
function seamsIn(grid: NonNullable<ReturnType<typeof seamGrid>>, below: SharedFrame) {
  const tileRows = grid.rows.borders.length + 1;
  const buffer = new SharedArrayBuffer(16 + seamBytes(grid, tileRows));
  new Uint8Array(buffer).fill(171);
  const seams = { ...grid, buffer, offset: 16, tileRows, below };
  clearSeams(seams);
  return seams;
}
