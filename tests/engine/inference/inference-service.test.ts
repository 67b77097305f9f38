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

it('knows the processor, which computes all of a network as it does itself', async () => {
  const service = inferenceService();
  const { version, providers } = await service.examineRuntime({});
  expect([version, providers]).toEqual([
    expect.stringMatching(/^\d+\.\d+\.\d+/),
    expect.arrayContaining(['cpu']),
  ]);
  const { spec, scale, radius } = anyEntry();
  const same = { spec, model: await modelBytes(spec) };
  const tried = await service.tryDevice({ reference: same, candidate: same, network: { scale, radius } });
  expect(tried).toMatchObject({ psnr: 99, worst: 0, whole: true });
  expect(tried.candidate).toBeGreaterThan(0);
});

it('says why a provider cannot be had', async () => {
  const { spec, scale, radius } = anyEntry();
  const reference = { spec, model: await modelBytes(spec) };
  // Whatever this machine has, it does not have so many cards.
  const missing = { spec: { ...spec, provider: 'cuda', device: 99 } as const, model: reference.model };
  const tried = inferenceService().tryDevice({ reference, candidate: missing, network: { scale, radius } });
  await expect(tried).rejects.toMatchObject({ code: 'model-invalid', file: spec.file });
});
