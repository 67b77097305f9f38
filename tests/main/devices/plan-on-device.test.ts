import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Devices } from '../../../src/main/devices/devices.ts';
import { planOnDevice } from '../../../src/main/devices/plan-on-device.ts';
import { childProcessHost, engineEntry } from '../../../src/main/engine/child-process-host.ts';
import { modelsFolder } from '../../../src/main/installation.ts';
import { ModelRegistry } from '../../../src/main/models/model-registry.ts';
import { startEngine } from '../../support/engine.ts';
import { temporaryFolder } from '../../support/pictures.ts';
import { cardsToldBy } from './made-up-cards.ts';

const model = (await ModelRegistry.read(modelsFolder())).get('photo-x2');
const wishes = { variant: 'auto', threads: 1, tile: 32, workers: 1 } as const;

async function means() {
  const folder = await temporaryFolder();
  const { engine } = await startEngine(folder, { workers: 1 });
  const host = childProcessHost(engineEntry(), { quiet: true });
  const devices = new Devices({ state: join(folder, 'state'), host });
  return { engine, devices, variantOf: async () => 'int8' as const };
}

/** So many no machine has. */
const HUNDRED = 'for card in $(seq 0 99); do echo "Test card no. $card, 1.2, 1024"; done';

describe('planOnDevice', () => {
  it('the processor needs no trial', async () => {
    const planned = await planOnDevice(model, { ...wishes, device: 'cpu' }, await means());
    expect(planned).toMatchObject({ refused: [], notes: [] });
    expect(planned.plan.shallow).toMatchObject({ provider: 'cpu', variant: 'int8', dtype: 'uint8' });
  });

  it('a device that there is not is refused', async () => {
    await expect(planOnDevice(model, { ...wishes, device: 'abacus' }, await means())).rejects.toMatchObject({
      code: 'bad-argument',
      message: expect.stringMatching(/^There is no device 'abacus'\. Choose auto, or one of: .*cpu \(/),
    });
  });

  it.skipIf(process.platform !== 'linux' || process.arch !== 'x64')(
    'one that fails gives way to the processor, and says so (CUDA is for Linux on x64)',
    async () => {
      await cardsToldBy(HUNDRED);
      const reason = expect.stringMatching(/^Test card no\. 99 \(cuda:99\) is not used: .+\.$/);
      const at = await means();
      const planned = await planOnDevice(model, { ...wishes, device: 'cuda:99' }, at);
      expect(planned).toMatchObject({
        plan: { shallow: { provider: 'cpu', variant: 'int8' } },
        refused: [reason],
        notes: [expect.stringMatching(/^Test card no\. 99 .+\. The processor computed instead\.$/)],
      });
      const { devices } = await at.devices.find(at.engine);
      expect(devices.find(({ id }) => id === 'cuda:99')).toMatchObject({ driver: '1.2', memory: 2 ** 30 });
      // Which of its variants was tried is of no interest where all have failed.
      const fp32 = await planOnDevice(model, { ...wishes, variant: 'fp32', device: 'cuda:99' }, at);
      expect(fp32).toMatchObject({
        plan: { shallow: { provider: 'cpu', variant: 'fp32' } },
        refused: [reason],
      });
    },
  );

  it('the processor is tried as a device, too, for others to be compared with', async () => {
    const { devices, engine } = await means();
    const [cpu] = (await devices.find(engine)).devices.filter(({ id }) => id === 'cpu');
    if (!cpu) throw new Error('There is no processor.');
    const tried = await devices.try(cpu, model, { ...wishes, variant: 'int8' }, engine);
    expect(tried).toMatchObject({
      plan: { shallow: { variant: 'int8' } },
      trial: { state: 'passed', whole: true },
    });
    await devices.forget(cpu);
    const variants = model.manifest.variants.filter(({ id }) => id === 'int8');
    const eight = { ...model, manifest: { ...model.manifest, variants } };
    expect(await devices.try(cpu, eight, wishes, engine)).toBeUndefined();
  });

  it('the processor is not tried with half precision, which is for graphics processors', async () => {
    const { devices, engine } = await means();
    const [cpu] = (await devices.find(engine)).devices.filter(({ id }) => id === 'cpu');
    if (!cpu) throw new Error('There is no processor.');
    expect(model.manifest.variants.map(({ id }) => id)).toContain('fp16');
    const tried = await devices.try(cpu, model, wishes, engine);
    expect(tried).toMatchObject({ plan: { shallow: { provider: 'cpu', variant: 'fp32' } } });
  });
});
