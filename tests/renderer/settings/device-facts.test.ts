import i18next from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import { deviceOptions, nextDevices } from '../../../src/renderer/settings/device-facts.ts';
import { startWords } from '../../../src/renderer/words/index.ts';
import type { DeviceState } from '../../../src/shared/contract/devices.ts';

beforeAll(() => startWords('en'));

const device = (change: Partial<DeviceState>): DeviceState => ({
  ...{ id: 'cpu', provider: 'cpu', name: 'Made-up 1000', driver: '', memory: null, likely: true },
  ...{ tried: true, works: true, chosen: false },
  ...change,
});
const card = (index: number, change: Partial<DeviceState> = {}) =>
  device({ id: `cuda:${index}`, provider: 'cuda', name: `Card ${index}`, ...change });

const wordsOf = (devices: readonly DeviceState[], chosen = 'auto') =>
  deviceOptions(devices, chosen, i18next.t, 'en').map(({ value, label, note }) =>
    [value, label, ...(note === undefined ? [] : [note])].join(' | '),
  );

describe('what may be chosen to compute', () => {
  it('is the fastest, or the processor, before anything else is known', () => {
    const automatic = 'auto | Automatic | The fastest that computes right here; each is tried once.';
    expect(wordsOf([])).toEqual([automatic, 'cpu | Processor']);
    expect(wordsOf([device({})])).toEqual([automatic, 'cpu | Processor | Made-up 1000']);
  });

  it('is each device by its name, with how it did, or why it did not', () => {
    const devices = [
      card(0, { milliseconds: 1234.4 }),
      card(1),
      card(2, { works: false, reason: 'its results differ' }),
      card(3, { tried: false, works: null }),
      device({ id: 'webgpu', provider: 'webgpu', name: 'unknown graphics', works: null, likely: false }),
      device({}),
    ];
    expect(wordsOf(devices).slice(1)).toEqual([
      'cuda:0 | Card 0 (CUDA) | Computes right; 1,234 ms for the built-in picture.',
      'cuda:1 | Card 1 (CUDA) | Computes right.',
      'cuda:2 | Card 2 (CUDA) | its results differ',
      'cuda:3 | Card 3 (CUDA) | Not tried with this model yet.',
      'webgpu | unknown graphics (WebGPU) | No card is known that could be it.',
      'all | All graphics cards together',
      'cpu | Processor | Made-up 1000',
    ]);
  });

  it('is also what was named elsewhere', () => {
    expect(wordsOf([device({})], 'gpu').at(-1)).toBe('gpu | Graphics processor');
    expect(wordsOf([device({})], 'Radeon').at(-1)).toBe('Radeon | Radeon');
    expect(wordsOf([card(0)], 'cuda:0').filter((words) => words.startsWith('cuda:0'))).toHaveLength(1);
  });
});

it('says what the next batch is computed on, where that is known', () => {
  expect(nextDevices([])).toBeUndefined();
  expect(nextDevices([card(0, { chosen: true }), card(1, { chosen: true }), device({})])).toBe(
    'Card 0 (CUDA), Card 1 (CUDA)',
  );
});
