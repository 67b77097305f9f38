import { resolve } from 'node:path';
import type { Beginning } from '../../src/cli/output/reporter.ts';
import type { EnhanceResult } from '../../src/shared/engine-protocol.ts';
import type { FileRecord } from '../../src/shared/jobs.ts';
import type { Plan, SessionSpec } from '../../src/shared/plan.ts';

const SESSION: SessionSpec = {
  modelId: 'photo-x2',
  variant: 'int8',
  dtype: 'uint8',
  file: '/models/photo-x2.onnx',
  sha256: 'a'.repeat(64),
  provider: 'cpu',
  threads: 1,
};

const PLAN: Plan = {
  modelId: 'photo-x2',
  scale: 2,
  receptiveRadius: 12,
  tile: { width: 100, height: 100 },
  shallow: SESSION,
  deep: SESSION,
};

/** What a run with so many pictures says at its beginning. */
export function beginningOf(files: number, change: Partial<Beginning> = {}): Beginning {
  return { batchId: 7, out: resolve('out'), plan: PLAN, files, skipped: [], refused: [], ...change };
}

/** The journal's files of a batch of pictures of these sizes, named 0.jpg, 1.jpg, …, their ids from 1. */
export function makeUpFiles(...sizes: readonly [width: number, height: number][]): FileRecord[] {
  return sizes.map(([width, height], position) => ({
    ...{ id: position + 1, batchId: 7, position, priority: 0, paused: false, state: 'queued', folder: '' },
    ...{ source: resolve('in', `${position}.jpg`), target: resolve('out', `${position}-x2.jpg`) },
    ...{ identity: `1:${position}`, format: 'jpeg', quality: null, removeGps: false, notes: [] },
    ...{ facts: { format: 'jpeg', width, height, alpha: false, deep: false, pages: 1 }, planKey: 'key' },
    ...{ sourceSize: 1_000, sourceMtimeNs: '1', attempts: 0, strikes: 0, startedAt: null, endedAt: null },
    ...{ code: null, reason: null, result: null },
  }));
}

/** One file of those that `makeUpFiles` makes; there must be one at `position`. */
export function fileAt(files: readonly FileRecord[], position: number): FileRecord {
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
