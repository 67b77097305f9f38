import type { DeviceState } from '../../shared/contract/devices.ts';
import type { Services } from '../application/services.ts';
import { meantDevices } from '../devices/choose-device.ts';
import type { Device } from '../devices/device-list.ts';
import type { TriedDevice } from '../devices/devices.ts';
import { defaultParallelism, describeMachine } from '../machine.ts';

/** The devices as pages see them, and how they did with `model`; with that of the settings' recipe where absent. */
export async function listDevices(
  { model: id }: { model?: string | undefined },
  { models, settings, engine, computing }: Pick<Services, 'models' | 'settings' | 'engine' | 'computing'>,
): Promise<DeviceState[]> {
  const { recipe, device: wanted } = settings.get();
  const model = models.get(id ?? recipe.model);
  const { devices, workers } = computing;
  const { threads } = defaultParallelism(describeMachine());
  const found = [];
  for (const device of (await devices.find(engine)).devices) {
    found.push({ device, tried: await devices.known(device, model, { variant: 'auto', threads }, engine) });
  }
  const chosen = meantDevices(found, wanted, workers);
  return found.map(({ device, tried }) => stateOf(device, tried, chosen.includes(device)));
}

function stateOf(device: Device, tried: TriedDevice | undefined, chosen: boolean): DeviceState {
  const { id, provider, name, driver, memory, likely } = device;
  const facts = { id, provider, name, driver, memory, likely, chosen };
  const { trial } = tried ?? {};
  if (trial?.state === 'failed') return { ...facts, tried: true, works: false, reason: trial.reason };
  const milliseconds = trial ? { milliseconds: trial.milliseconds } : {};
  const works = trial !== undefined || provider === 'cpu' ? true : null;
  return { ...facts, tried: trial !== undefined, works, ...milliseconds };
}
