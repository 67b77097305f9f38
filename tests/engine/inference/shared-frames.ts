import { readFile } from 'node:fs/promises';
import { type SharedFrame, TileRunner, type TileWork } from '../../../src/engine/inference/tile-runner.ts';
import { fittingTile } from '../../../src/shared/network-geometry.ts';
import { type SessionSpec, sessionKey } from '../../../src/shared/plan.ts';
import { planTiles, type Rect } from '../../../src/shared/tiles.ts';
import type { ShippedEntry } from '../../support/models.ts';
import { photo } from '../../support/pictures.ts';

export function sharedFrame(width: number, height: number, deep: boolean): SharedFrame {
  const buffer = new SharedArrayBuffer(width * height * 3 * (deep ? 2 : 1));
  return { buffer, offset: 0, width, height, deep };
}

/** A frame with the same photograph for the same size and depth. */
export function sharedPhoto(width: number, height: number, deep: boolean): SharedFrame {
  const frame = sharedFrame(width, height, deep);
  pixelsOf(frame).data.set(photo({ width, height, deep, seed: 3 }).data);
  return frame;
}

export function pixelsOf({ buffer, offset, width, height, deep }: SharedFrame) {
  const samples = width * height * 3;
  const data = deep ? new Uint16Array(buffer, offset, samples) : new Uint8Array(buffer, offset, samples);
  return { data, width, height };
}

/** An ONNX file in shared memory. */
export async function modelBytes({ file }: SessionSpec): Promise<SharedArrayBuffer> {
  const bytes = await readFile(file);
  const model = new SharedArrayBuffer(bytes.length);
  new Uint8Array(model).set(bytes);
  return model;
}

/** A runner in this thread with the session of `entry`. */
export async function runnerOf({ spec }: ShippedEntry): Promise<TileRunner> {
  const runner = new TileRunner();
  await runner.load(spec, await readFile(spec.file));
  return runner;
}

/** The work of one tile of `source`; its flag is not set. */
export function tileWork(
  entry: ShippedEntry,
  source: SharedFrame,
  result: SharedFrame,
  tile: Rect,
): TileWork {
  const { scale, radius, network, spec } = entry;
  const flags = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  return { session: sessionKey(spec), source, result, tile, scale, radius, network, flags, flag: 0 };
}

/** `source` enlarged in tiles of at most `side` pixels. */
export async function enlargeTiled(
  runner: TileRunner,
  entry: ShippedEntry,
  source: SharedFrame,
  side: number,
): Promise<SharedFrame> {
  const { width, height, deep } = source;
  const result = sharedFrame(width * entry.scale, height * entry.scale, deep);
  const largest = fittingTile({ width: side, height: side }, entry.radius, entry.network);
  for (const tile of planTiles(width, height, largest, entry.network?.multiple)) {
    await runner.run(tileWork(entry, source, result, tile));
  }
  return result;
}
