import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ModelRegistry } from '../../src/main/models/model-registry.ts';
import { resolvePlan } from '../../src/main/models/resolve-plan.ts';
import type { ModelManifest } from '../../src/shared/models.ts';
import type { Plan } from '../../src/shared/plan.ts';
import { jobFor, leftovers, loadSessions, NOTHING_LEFT, startEngine } from '../support/engine.ts';
import { type ShiftNetwork, shiftNetwork } from '../support/foreign-networks.ts';
import { type PictureOptions, readPicture, temporaryFolder, writePicture } from '../support/pictures.ts';
import { writeModel } from '../support/write-model.ts';

/** Models as others make them, with the networks that they describe. */
const MODELS: Record<string, [Partial<ModelManifest>, ShiftNetwork]> = {
  'planes in float32, padded': [
    { scale: 2, receptiveRadius: 5 },
    { scale: 2, radius: 5, shift: [5, -5] },
  ],
  'squares of 4': [
    { scale: 1, task: 'restore', receptiveRadius: 9, multiple: 4 },
    { radius: 2, shift: [-2, 2], square: 4 },
  ],
  'one channel, three times larger': [
    { scale: 3, receptiveRadius: 2, channels: 1, padding: 'valid' },
    { channels: 1, scale: 3, radius: 2, shift: [1, 2], pad: 0 },
  ],
  '64×64 only': [
    { scale: 2, receptiveRadius: 6, fixed: [64, 64] },
    { scale: 2, radius: 6, shift: [6, 6], fixed: [64, 64] },
  ],
};

/** Bytes: room for some bands of these pictures, and not for all of them. */
const SMALL = 400_000;
const SIZE = { width: 61, height: 403 };

async function planOf([manifest, made]: [Partial<ModelManifest>, ShiftNetwork]): Promise<Plan> {
  const folder = await temporaryFolder();
  const { dtype = 'float32' } = made;
  await writeModel(folder, { ...manifest, id: 'foreign' }, [{ onnx: shiftNetwork(made), dtype }]);
  const registry = await ModelRegistry.read(folder);
  return resolvePlan(registry.get('foreign'), { variant: 'fp32', threads: 1, tile: 32 });
}

async function enlarged(
  plan: Plan,
  change: { workers?: number; memoryBudget?: number },
  options: PictureOptions,
) {
  const folder = await temporaryFolder();
  const { engine, scratch } = await startEngine(folder, change);
  await loadSessions(engine, plan);
  const source = await writePicture(join(folder, 'photo.png'), options);
  const job = jobFor(source, 'png', { plan });
  const result = await engine.request('enhance', job);
  const { pool } = await engine.request('report', {});
  expect(await leftovers(engine, scratch)).toEqual(NOTHING_LEFT);
  return { result, highWater: pool.highWaterBytes as number, temporary: job.output.temporary };
}

describe.each(Object.entries(MODELS))('a network of %s', (_, model) => {
  it.each<PictureOptions>([SIZE, { ...SIZE, deep: true, height: 201 }])(
    'gives the same bytes whole in one worker and in bands in three (%o)',
    async (options) => {
      const plan = await planOf(model);
      const whole = await enlarged(plan, { workers: 1 }, options);
      const limited = { workers: 3, memoryBudget: plan.scale === 1 ? SMALL / 4 : SMALL };
      const banded = await enlarged(plan, limited, options);
      expect(banded.result.sha256).toBe(whole.result.sha256);
      expect(banded.highWater).toBeLessThan(whole.highWater);
      const { width, height } = await readPicture(whole.temporary);
      expect([width, height]).toEqual([options.width, options.height].map((side = 0) => side * plan.scale));
    },
  );
});

it('16 bits that a model has no room for are said to be computed with 8', async () => {
  const bytes: ShiftNetwork = { dtype: 'uint8', scale: 2 };
  const plan = await planOf([{ scale: 2 }, bytes]);
  const note =
    'Computed with 8 bits a sample: foreign cannot be given more, so that fine gradients may show steps.';
  const size = { width: 20, height: 20 };
  expect((await enlarged(plan, {}, { ...size, deep: true })).result.notes).toEqual([note]);
  expect((await enlarged(plan, {}, size)).result.notes).toEqual([]);
});

it('a network that its manifest describes wrongly is found out while it is loaded, and named', async () => {
  const plan = await planOf([
    { scale: 2, padding: 'valid', receptiveRadius: 5 },
    { scale: 2, radius: 5 },
  ]);
  const { engine } = await startEngine(await temporaryFolder());
  await expect(loadSessions(engine, plan)).rejects.toMatchObject({
    code: 'model-invalid',
    file: plan.shallow.file,
    message: expect.stringContaining('Its manifest does not describe it.'),
  });
});
