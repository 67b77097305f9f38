import { expect, it } from 'vitest';
import { planOn } from '../../../src/main/devices/device-plan.ts';
import { DeviceTrials, type Trial, trialKey } from '../../../src/main/devices/device-trials.ts';
import { resolvePlan } from '../../../src/main/models/resolve-plan.ts';
import { Page, startShell } from '../shells/web-page.ts';

it('the devices, how they did with a model, and which one is meant', async () => {
  const { web, state } = await startShell();
  const { client } = await Page.open(web);
  const { devices, settings } = client;
  await settings.set({ device: 'cpu' });
  const before = await devices.list({});
  const processor = {
    ...{ id: 'cpu', provider: 'cpu', name: expect.any(String), driver: '', memory: null, likely: true },
    ...{ tried: false, works: true, chosen: true },
  };
  expect(before.at(-1)).toEqual(processor);
  expect(before.slice(0, -1).every(({ tried, works, chosen }) => !tried && works === null && !chosen)).toBe(
    true,
  );
  await expect(devices.list({ model: 'none' })).rejects.toThrow("There is no model 'none'");

  const { computing, models, engine } = web.application.services;
  const { runtime, devices: found } = await computing.devices.find(engine);
  const plan = resolvePlan(models.get('photo-x4'), { variant: 'fp32', threads: 1 });
  const trials = new DeviceTrials(state);
  for (const device of found) {
    const trial: Trial =
      device.provider === 'cpu'
        ? { state: 'passed', milliseconds: 3, whole: true }
        : { state: 'failed', reason: 'no' };
    await trials.end(trialKey(device, planOn(device, plan).shallow, runtime), trial);
  }
  const after = await devices.list({ model: 'photo-x4' });
  expect(after.at(-1)).toEqual({ ...processor, tried: true, milliseconds: 3 });
  const others = after.slice(0, -1).map(({ tried, works, reason }) => [tried, works, reason]);
  expect(others).toEqual(others.map(() => [true, false, 'no']));
});
