import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ModelRegistry } from '../../src/main/models/model-registry.ts';
import { resolvePlan } from '../../src/main/models/resolve-plan.ts';
import type { EngineConfig } from '../../src/shared/engine-protocol.ts';
import type { ModelManifest } from '../../src/shared/models.ts';
import type { Plan } from '../../src/shared/plan.ts';
import { jobFor, leftovers, loadSessions, NOTHING_LEFT, startEngine } from '../support/engine.ts';
import { squeezing, windowed } from '../support/networks/attention.ts';
import { type PictureOptions, temporaryFolder, writePicture } from '../support/pictures.ts';
import { writeModel } from '../support/write-model.ts';

/** Bytes: room for one band, or for a few, of each of these pictures but the small one; and for all of any. */
const [ONE_BAND, SOME_BANDS, LARGE] = [480_000, 800_000, 1e8];
const SIZE = { width: 67, height: 403 };
const PICTURES: Record<string, PictureOptions> = {
  'photo.png': SIZE,
  'deep.png': { ...SIZE, deep: true, height: 203 },
  'rgba.png': { ...SIZE, bands: 4 },
  'gray.png': { ...SIZE, bands: 1 },
  'small.png': { width: 9, height: 5 },
};

/** Networks whose tiles do not agree, whatever their margin. */
const NETWORKS: Record<string, [Partial<ModelManifest>, Buffer]> = {
  'averages over a whole tile': [{ scale: 2, receptiveRadius: 16 }, squeezing()],
  'looks at windows of a fixed input': [
    { scale: 2, receptiveRadius: 8, fixed: [48, 48] },
    windowed({ window: 16 }),
  ],
};

async function planOf(manifest: Partial<ModelManifest>, onnx: Buffer): Promise<Plan> {
  const folder = await temporaryFolder();
  await writeModel(folder, { exact: false, ...manifest, id: 'foreign' }, [{ onnx, dtype: 'float32' }]);
  const registry = await ModelRegistry.read(folder);
  return resolvePlan(registry.get('foreign'), { variant: 'fp32', threads: 1, tile: 32 });
}

/** The hashes of all results, made at once, and what memory they took. */
async function made(plan: Plan, change: Partial<EngineConfig>) {
  const folder = await temporaryFolder();
  const { engine, scratch } = await startEngine(folder, { memoryBudget: LARGE, ...change });
  await loadSessions(engine, plan);
  const results = await Promise.all(
    Object.entries(PICTURES).map(async ([name, options]) => {
      const source = await writePicture(join(folder, name), options);
      const { sha256, copied } = await engine.enhance(jobFor(source, 'png', { plan }));
      expect(copied.blend ?? 0).toBeGreaterThan(name === 'small.png' ? -1 : 0);
      return sha256;
    }),
  );
  const { pool } = await engine.request('report', {});
  expect(await leftovers(engine, scratch)).toEqual(NOTHING_LEFT);
  return { results, highWater: pool.highWaterBytes as number };
}

/** The same promise every time, begun by the first test that asks. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let making: Promise<T> | undefined;
  return () => {
    making ??= make();
    return making;
  };
}

describe.each(Object.entries(NETWORKS))('a network that %s', (_, [manifest, onnx]) => {
  const expected = once(async () => made(await planOf(manifest, onnx), { workers: 1, sequential: true }));

  it.each<Partial<EngineConfig>>([
    { workers: 2 },
    { workers: 3, queueDepth: 4 },
    { workers: 1, memoryBudget: ONE_BAND },
    { workers: 3, memoryBudget: SOME_BANDS },
  ])('gives the bytes of one worker that does one after the other: %o', async (change) => {
    const alone = await expected();
    const { results, highWater } = await made(await planOf(manifest, onnx), change);
    expect(results).toEqual(alone.results);
    if (change.memoryBudget) expect(highWater).toBeLessThan(alone.highWater);
  });
});

it('a network whose tiles agree has a plan as ever', async () => {
  const plan = await planOf({ exact: true, scale: 2, receptiveRadius: 16 }, squeezing());
  expect(plan).not.toHaveProperty('blend');
  expect(plan.tile).toEqual({ width: 32, height: 32 });
});
