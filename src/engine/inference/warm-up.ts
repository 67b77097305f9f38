import { type SessionSpec, sessionKey } from '../../shared/plan.ts';
import { TileMemory } from './tile-memory.ts';
import type { TileNetwork } from './tile-network.ts';
import type { SharedFrame, TileRunner } from './tile-runner.ts';

/** What a session is loaded with, and the tiles it will be given. */
export interface SessionLoad extends TileNetwork {
  spec: SessionSpec;
  /** What the session is called; its own key where absent. */
  key?: string;
  /** The ONNX file, its hash checked. */
  model: SharedArrayBuffer;
  tile: { width: number; height: number };
}

export interface Warm {
  milliseconds: number;
  /** By how much the process grew: weights, and the activations of one tile. */
  bytes: number;
  /** Pixels of the largest tile that there may be memory for, where there was too little for that one. */
  tilePixels?: number;
}

/**
 * Loads a session and computes one black tile of the plan's shape with it, so that its first real tile is as
 * fast as every later one, and what it takes is known. The growth is that of the whole process: an upper
 * bound, and exact while nothing else grows. Where memory is short, the tile is computed in parts.
 */
export async function warmUp(runner: TileRunner, load: SessionLoad): Promise<Warm> {
  const { spec, model, tile, key = sessionKey(load.spec), ...network } = load;
  const { scale } = network;
  const started = performance.now();
  const before = process.memoryUsage.rss();
  // ONNX Runtime wants memory of its own to read a model from.
  await runner.load(spec, new Uint8Array(model).slice(), key);
  const deep = spec.dtype === 'float32';
  const memory = new TileMemory();
  const work = {
    session: key,
    range: spec.range,
    ...network,
    source: blackFrame(tile.width, tile.height, deep),
    result: blackFrame(tile.width * scale, tile.height * scale, deep),
    tile: { x: 0, y: 0, ...tile },
    flags: new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT),
    flag: 0,
  };
  await memory.run(work, (part) => runner.run(part));
  const tilePixels = memory.limit(key);
  return {
    milliseconds: performance.now() - started,
    bytes: Math.max(model.byteLength, process.memoryUsage.rss() - before),
    ...(tilePixels === undefined ? {} : { tilePixels }),
  };
}

function blackFrame(width: number, height: number, deep: boolean): SharedFrame {
  const buffer = new SharedArrayBuffer(width * height * 3 * (deep ? 2 : 1));
  return { buffer, offset: 0, width, height, deep };
}
