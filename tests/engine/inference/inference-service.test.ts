import { expect, it } from 'vitest';
import { inferenceService } from '../../../src/engine/inference/inference-service.ts';
import { sessionKey } from '../../../src/shared/plan.ts';
import { anyEntry, type ShippedEntry } from '../../support/models.ts';
import {
  enlargeTiled,
  modelBytes,
  pixelsOf,
  runnerOf,
  sharedFrame,
  sharedPhoto,
  tileWork,
} from './shared-frames.ts';

async function loadOf({ spec, scale, radius }: ShippedEntry) {
  return { spec, model: await modelBytes(spec), tile: { width: 16, height: 8 }, scale, radius };
}

it.each(['uint8', 'float32'] as const)('a %s session is warmed up, used and let go', async (dtype) => {
  const entry = anyEntry(dtype);
  const deep = dtype === 'float32';
  const service = inferenceService();
  const load = await loadOf(entry);
  const warm = await service.load(load);
  expect(warm.milliseconds).toBeGreaterThan(0);
  expect(warm.bytes).toBeGreaterThanOrEqual(load.model.byteLength);
  const source = sharedPhoto(9, 7, deep);
  const result = sharedFrame(9 * entry.scale, 7 * entry.scale, deep);
  const work = tileWork(entry, source, result, { x: 0, y: 0, width: 9, height: 7 });
  await service.run(work);
  const expected = await enlargeTiled(await runnerOf(entry), entry, source, 9);
  expect(pixelsOf(result).data).toEqual(pixelsOf(expected).data);
  await service.unload({ key: sessionKey(entry.spec) });
  await expect(service.run(work)).rejects.toMatchObject({ code: 'internal' });
});

it('a manifest with the wrong radius is found out while warming up', async () => {
  const load = await loadOf(anyEntry());
  const loading = inferenceService().load({ ...load, radius: load.radius + 2 });
  await expect(loading).rejects.toMatchObject({ code: 'model-invalid' });
});

it('tells which providers work, and why the others do not', async () => {
  const service = inferenceService();
  const { version, providers } = await service.examineRuntime({ model: await modelBytes(anyEntry().spec) });
  expect(version).toMatch(/^\d+\.\d+\.\d+/);
  expect(providers).toContainEqual({ name: 'cpu', works: true, reason: '' });
  for (const { works, reason } of providers) expect(reason === '').toBe(works);
  const garbage = await service.examineRuntime({ model: new SharedArrayBuffer(10) });
  expect(garbage.providers.map(({ works }) => works)).toEqual(providers.map(() => false));
});
