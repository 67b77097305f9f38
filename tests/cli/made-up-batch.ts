import { resolve } from 'node:path';
import type { Batch, BatchFile } from '../../src/main/batch/prepare-batch.ts';
import type { EnhanceResult } from '../../src/shared/engine-protocol.ts';
import type { SessionSpec } from '../../src/shared/plan.ts';

const SESSION: SessionSpec = {
  modelId: 'photo-x2',
  variant: 'int8',
  dtype: 'uint8',
  file: '/models/photo-x2.onnx',
  sha256: 'a'.repeat(64),
  provider: 'cpu',
  threads: 1,
};

/** A batch of pictures of these sizes, named 0.jpg, 1.jpg, …, in tiles of 100×100. */
export function makeUpBatch(
  sizes: readonly [width: number, height: number][],
  change: Partial<Batch> = {},
): Batch {
  const plan = {
    modelId: 'photo-x2',
    scale: 2,
    receptiveRadius: 12,
    tile: { width: 100, height: 100 },
    shallow: SESSION,
    deep: SESSION,
  };
  const files = sizes.map(
    ([width, height], index): BatchFile => ({
      source: { path: resolve('in', `${index}.jpg`), folder: '', identity: `1:${index}` },
      probe: { format: 'jpeg', width, height, alpha: false, deep: false, pages: 1 },
      target: resolve('out', `${index}-x2.jpg`),
      format: 'jpeg',
      notes: [],
    }),
  );
  return {
    recipe: { out: resolve('out'), plan, format: 'keep', template: '{name}', onCollision: 'skip' },
    files,
    sources: new Set(files.map(({ source }) => source.identity)),
    skipped: [],
    refused: [],
    ...change,
  };
}

/** A file of `batch`; there must be one at `position`. */
export function fileAt({ files }: Batch, position: number): BatchFile {
  const file = files[position];
  if (!file) throw new Error(`There is no file ${position} in this batch.`);
  return file;
}

/** What an engine says of a picture of 200×100 that it has enlarged. */
export const RESULT: EnhanceResult = {
  width: 400,
  height: 200,
  bytes: 12_345,
  sha256: 'b'.repeat(64),
  variant: 'int8',
  tiles: 2,
  milliseconds: { decode: 100, enhance: 1_500, encode: 300, verify: 100 },
  pixelBytes: 240_000,
  copied: {},
  fidelity: [],
  notes: [],
};
