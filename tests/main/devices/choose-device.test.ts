import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chooseDevice, isFaster } from '../../../src/main/devices/choose-device.ts';
import type { Trial } from '../../../src/main/devices/device-trials.ts';
import { Devices } from '../../../src/main/devices/devices.ts';
import { childProcessHost, engineEntry } from '../../../src/main/engine/child-process-host.ts';
import type { RegisteredModel } from '../../../src/main/models/model-registry.ts';
import { resolvePlan } from '../../../src/main/models/resolve-plan.ts';
import { manifestSchema } from '../../../src/shared/models.ts';
import { smallNetwork } from '../../engine/inference/small-network.ts';
import { startEngine } from '../../support/engine.ts';
import { temporaryFolder } from '../../support/pictures.ts';

const passed = (milliseconds: number): Trial => ({ state: 'passed', milliseconds, whole: true });
const failed: Trial = { state: 'failed', reason: 'no' };

describe('a processor is faster', () => {
  it.each([
    ['with enough workers', passed(100), 16, passed(10), true],
    ['not with few', passed(100), 8, passed(10), false],
    ['not where it failed', failed, 16, passed(10), false],
  ])('%s', (_, processor, workers, graphics, expected) => {
    expect(isFaster(processor, workers, graphics)).toBe(expected);
  });
});

/** A model of a few weights: drivers that compute on the processor are slow. */
async function smallModel(folder: string): Promise<RegisteredModel> {
  const bytes = smallNetwork();
  await writeFile(join(folder, 'small.onnx'), bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const entry = { dtype: 'float32', range: [0, 1], file: 'small.onnx', sha256, bytes: bytes.length };
  const manifest = manifestSchema.parse({
    formatVersion: 1,
    id: 'small',
    title: 'Small',
    description: '',
    task: 'restore',
    scale: 1,
    receptiveRadius: 1,
    padding: 'valid',
    licence: 'MIT',
    source: '',
    layout: 'NHWC',
    channelOrder: 'RGB',
    tile: { cpu: [32, 32] },
    parameters: 81,
    variants: [{ id: 'fp32', entries: [entry] }],
  });
  return { manifest, folder, origin: 'added' };
}

it('WebGPU is chosen where somebody asks for it, and computes right', async ({ skip }) => {
  const folder = await temporaryFolder();
  const model = await smallModel(folder);
  const { engine } = await startEngine(folder, { workers: 1 });
  const host = childProcessHost(engineEntry(), { quiet: true });
  const devices = new Devices({ state: join(folder, 'state'), host });
  const { providers } = await devices.find(engine);
  skip(!providers.includes('webgpu'), 'ONNX Runtime has no WebGPU for this system');
  const wishes = { variant: 'auto', threads: 1, workers: 1 } as const;
  const processor = async () => resolvePlan(model, { variant: 'fp32', threads: 1 });
  const choice = await chooseDevice(model, 'webgpu', { ...wishes, processor }, { devices, engine });
  const { plan, used, refused } = choice;
  skip(refused.length > 0, `WebGPU does not work here: ${refused[0]}`);
  expect([plan.shallow.provider, plan.deep.provider, used[0]?.id]).toEqual(['webgpu', 'webgpu', 'webgpu']);
  // What has been tried is known from now on.
  const again = await chooseDevice(model, 'webgpu', { ...wishes, processor }, { devices, engine });
  expect(again).toEqual(choice);
});
