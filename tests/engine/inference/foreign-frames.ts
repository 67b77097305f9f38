import { reflect } from '../../../src/engine/inference/reflect.ts';
import type { TileNetwork } from '../../../src/engine/inference/tile-network.ts';
import { type SharedFrame, TileRunner } from '../../../src/engine/inference/tile-runner.ts';
import type { NetworkConventions } from '../../../src/shared/network.ts';
import { fittingTile } from '../../../src/shared/network-geometry.ts';
import { planTiles } from '../../../src/shared/tiles.ts';
import { pixelsOf, sharedFrame } from './shared-frames.ts';

/** How a network is fed and read that is none of ours. */
export function conventions(change: Partial<NetworkConventions> = {}): NetworkConventions {
  return { layout: 'NCHW', channels: 3, channelOrder: 'RGB', trim: 0, multiple: 1, ...change };
}

export interface Foreign extends TileNetwork {
  onnx: Buffer;
  dtype?: 'uint8' | 'float32';
  range?: [number, number];
}

/** `source` after the network, in tiles of at most `side` pixels. */
export async function enlargeForeign(
  { onnx, dtype = 'float32', range, ...network }: Foreign,
  source: SharedFrame,
  side: number,
): Promise<SharedFrame> {
  const runner = new TileRunner();
  const spec = { modelId: 'foreign', variant: 'fp32', file: 'foreign.onnx', sha256: 'x' } as const;
  await runner.load({ ...spec, dtype, provider: 'cpu', threads: 1 }, onnx, 'foreign');
  const { width, height, deep } = source;
  const result = sharedFrame(width * network.scale, height * network.scale, deep);
  const largest = fittingTile({ width: side, height: side }, network.radius, network.network);
  for (const tile of planTiles(width, height, largest, network.network?.multiple)) {
    const flags = { flags: new SharedArrayBuffer(4), flag: 0 };
    await runner.run({ session: 'foreign', range, ...network, source, result, tile, ...flags });
  }
  await runner.unload('foreign');
  return result;
}

/** What a `ShiftNetwork` makes of `source`, told without it. */
export function shiftedBy(
  source: SharedFrame,
  [dx, dy]: readonly [number, number],
  { scale = 1, square = 1 } = {},
): SharedFrame {
  const { width, height, deep } = source;
  const result = sharedFrame(width * scale, height * scale, deep);
  const [from, to] = [pixelsOf(source).data, pixelsOf(result).data];
  for (let y = 0; y < result.height; y++) {
    for (let x = 0; x < result.width; x++) {
      const [column, row] = [Math.floor(x / scale), Math.floor(y / scale)];
      const moves = column % square === 0 && row % square === 0 ? square : 0;
      const pixel = reflect(row + moves * dy, height) * width + reflect(column + moves * dx, width);
      for (let colour = 0; colour < 3; colour++) {
        to[(y * result.width + x) * 3 + colour] = from[pixel * 3 + colour] ?? 0;
      }
    }
  }
  return result;
}
