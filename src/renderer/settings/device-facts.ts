import type { TFunction } from 'i18next';
import type { DeviceState } from '../../shared/contract/devices.ts';
import { formatCount } from '../components/figures.ts';
import type { Option } from '../components/options.ts';

const PROVIDERS: Readonly<Record<DeviceState['provider'], string>> = {
  ...{ cpu: '', cuda: 'CUDA', dml: 'DirectML', coreml: 'Core ML', webgpu: 'WebGPU' },
};

/**
 * What may be chosen to compute (`settings.device`): whatever is fastest, each device by its name, and cards of one kind
 * together where there are several. `chosen` is offered in any case: it may have been named elsewhere.
 */
export function deviceOptions(
  devices: readonly DeviceState[],
  chosen: string,
  t: TFunction,
  language: string,
): Option<string>[] {
  const processor = devices.find(({ provider }) => provider === 'cpu');
  const graphics = devices.filter(({ provider }) => provider !== 'cpu');
  const named: Readonly<Record<string, string>> = t('settings.devices', { returnObjects: true });
  const options: Option<string>[] = [
    { value: 'auto', label: t('settings.devices.auto'), note: t('settings.deviceAuto') },
    ...graphics.map((device) => ({
      value: device.id,
      label: nameOf(device),
      note: doingOf(device, t, language),
    })),
    ...(graphics.filter(({ provider }) => provider === 'cuda').length > 1
      ? [{ value: 'all', label: t('settings.devices.all') }]
      : []),
    { value: 'cpu', label: t('settings.devices.cpu'), ...(processor ? { note: processor.name } : {}) },
  ];
  if (options.some(({ value }) => value === chosen)) return options;
  return [...options, { value: chosen, label: named[chosen] ?? chosen }];
}

/** What the next batch is computed on, as far as is known; undefined where it is not. */
export function nextDevices(devices: readonly DeviceState[]): string | undefined {
  const meant = devices.filter(({ chosen }) => chosen);
  return meant.length === 0 ? undefined : meant.map(nameOf).join(', ');
}

/** A device's name, and by which interface it is reached. */
function nameOf({ name, provider }: DeviceState): string {
  return PROVIDERS[provider] === '' ? name : `${name} (${PROVIDERS[provider]})`;
}

/** How a device did, or why it has done nothing. */
function doingOf(
  { works, reason, milliseconds, likely }: DeviceState,
  t: TFunction,
  language: string,
): string {
  if (works === false) return reason ?? t('settings.deviceFails');
  if (works === null) return t(likely ? 'settings.deviceUntried' : 'settings.deviceUnlikely');
  if (milliseconds === undefined) return t('settings.deviceWorks');
  return t('settings.deviceTook', { milliseconds: formatCount(Math.round(milliseconds), language) });
}
