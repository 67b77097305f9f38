import { type SessionSpec, sessionKey } from '../../shared/plan.ts';
import type { SharedFrame, TileRunner } from './tile-runner.ts';

/** What a session is loaded with, and the tiles it will be given. */
export interface SessionLoad {
  spec: SessionSpec;
  /** The ONNX file, its hash checked. */
  model: SharedArrayBuffer;
  tile: { width: number; height: number };
  scale: number;
  radius: number;
}

export interface Warm {
  milliseconds: number;
  /** By how much the process grew: weights, and the activations of one tile. */
  bytes: number;
}

/**
 * Loads a session and computes one black tile of the plan's shape with it, so that its first real tile is as
 * fast as every later one, and what it takes is known. The growth is that of the whole process: an upper
 * bound, and exact while nothing else grows.
 */
export async function warmUp(runner: TileRunner, load: SessionLoad): Promise<Warm> {
  const { spec, model, tile, scale, radius } = load;
  const started = performance.now();
  const before = process.memoryUsage.rss();
  // ONNX Runtime wants memory of its own to read a model from.
  await runner.load(spec, new Uint8Array(model).slice());
  const deep = spec.dtype === 'float32';
  await runner.run({
    session: sessionKey(spec),
    source: blackFrame(tile.width, tile.height, deep),
    result: blackFrame(tile.width * scale, tile.height * scale, deep),
    tile: { x: 0, y: 0, ...tile },
    scale,
    radius,
    flags: new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT),
    flag: 0,
  });
  return {
    milliseconds: performance.now() - started,
    bytes: Math.max(model.byteLength, process.memoryUsage.rss() - before),
  };
}

function blackFrame(width: number, height: number, deep: boolean): SharedFrame {
  const buffer = new SharedArrayBuffer(width * height * 3 * (deep ? 2 : 1));
  return { buffer, offset: 0, width, height, deep };
}
