import { describe, expect, it, onTestFinished } from 'vitest';
import type { Device } from '../../../src/main/devices/device-list.ts';
import { DeviceTrials } from '../../../src/main/devices/device-trials.ts';
import { judge, tryDevice } from '../../../src/main/devices/try-device.ts';
import { childProcessHost, engineEntry } from '../../../src/main/engine/child-process-host.ts';
import type { EngineHost } from '../../../src/main/engine/engine-host.ts';
import { planFor } from '../../support/models.ts';
import { temporaryFolder } from '../../support/pictures.ts';

const cpu: Device = { id: 'cpu', provider: 'cpu', name: 'Xeon', driver: '', memory: null, likely: true };
/** Whatever this machine has, it does not have so many cards. */
const card: Device = { ...cpu, id: 'cuda:99', provider: 'cuda', index: 99, name: 'NVIDIA Test', driver: '1' };

const plan = planFor();
const plans = { plan, reference: plan };

const engines = () => childProcessHost(engineEntry(), { quiet: true });
const failingEngines = () =>
  childProcessHost(new URL('./fixtures/failing-engine.ts', import.meta.url), { quiet: true });

/** `host`, and how often it has been asked for an engine. */
function counted(host: EngineHost): EngineHost & { starts: number } {
  const counting = {
    name: host.name,
    starts: 0,
    start: () => {
      counting.starts += 1;
      return host.start();
    },
  };
  return counting;
}

describe('judge', () => {
  const measured = { psnr: 99, worst: 0, reference: 10, candidate: 2, whole: true };
  const passed = { state: 'passed', milliseconds: 2, whole: true };
  it.each([
    ['the same', {}, 'fp32', passed],
    ['a level of rounding', { worst: 1, psnr: 62 }, 'fp32', passed],
    ['some of it elsewhere', { whole: false }, 'fp32', { ...passed, whole: false }],
    [
      'two levels',
      { worst: 2, psnr: 62 },
      'fp32',
      {
        state: 'failed',
        reason: 'it computes something else than the processor (2 of 255 levels apart, 62.0 dB)',
      },
    ],
    ['two levels in half precision', { worst: 2, psnr: 62 }, 'fp16', passed],
    ['what is no number', { psnr: Number.NaN }, 'fp16', { state: 'failed' }],
    [
      'a processor in disguise',
      { candidate: 5000 },
      'fp32',
      { state: 'failed', reason: 'it takes 500 times as long as the processor' },
    ],
    [
      'a slow one of a slow network',
      { reference: 4000, candidate: 5000 },
      'fp32',
      { ...passed, milliseconds: 5000 },
    ],
  ] as const)('%s', (_, change, variant, expected) => {
    expect(judge({ ...measured, ...change }, variant)).toMatchObject(expected);
  });
});

it('the processor does as it does, which is found out once', async () => {
  const trials = new DeviceTrials(await temporaryFolder());
  const host = counted(engines());
  const options = { trials, host, runtime: '1' };
  const first = await tryDevice(cpu, plans, options);
  expect(first).toEqual({ state: 'passed', milliseconds: expect.any(Number), whole: true });
  expect(await tryDevice(cpu, plans, options)).toEqual(first);
  expect(host.starts).toBe(1);
  await tryDevice(cpu, plans, { ...options, runtime: '2' });
  expect(host.starts).toBe(2);
});

it('a card that is not there has failed, in words', async () => {
  const trials = new DeviceTrials(await temporaryFolder());
  const trial = await tryDevice(card, plans, { trials, host: engines(), runtime: '1' });
  expect(trial).toEqual({ state: 'failed', reason: expect.not.stringMatching(/onnxruntime_src|\.onnx/) });
});

it('a driver that crashes the engine does so once', async () => {
  const trials = new DeviceTrials(await temporaryFolder());
  const host = counted(failingEngines());
  const options = { trials, host, runtime: '1' };
  const crashed = { state: 'failed', reason: 'it crashed the engine' };
  expect(await tryDevice(card, plans, options)).toEqual(crashed);
  expect(await tryDevice(card, plans, options)).toEqual(crashed);
  expect(host.starts).toBe(1);
});

describe('a driver that never answers', () => {
  const hanging = () => {
    process.env.TRIAL = 'hang';
    onTestFinished(() => {
      delete process.env.TRIAL;
    });
    return failingEngines();
  };

  it('is given up', async () => {
    const trials = new DeviceTrials(await temporaryFolder());
    const options = { trials, host: hanging(), runtime: '1', limit: 50 };
    const expected = { state: 'failed', reason: 'it did not answer in time' };
    expect(await tryDevice(card, plans, options)).toEqual(expected);
  });

  it('can be cancelled, of which nothing is remembered', async () => {
    const folder = await temporaryFolder();
    const stop = new AbortController();
    const host = hanging();
    const stopping: EngineHost = {
      name: host.name,
      start() {
        const link = host.start();
        // The fixture says that once it has been asked.
        link.onMessage((message) => {
          if ((message as { type?: unknown }).type === 'progress') stop.abort();
        });
        return link;
      },
    };
    const options = { trials: new DeviceTrials(folder), host: stopping, runtime: '1', signal: stop.signal };
    await expect(tryDevice(card, plans, options)).rejects.toMatchObject({ code: 'cancelled' });
    // It is tried again, which takes too long now.
    const again = { ...options, host, signal: undefined, limit: 50 };
    expect(await tryDevice(card, plans, again)).toMatchObject({ reason: 'it did not answer in time' });
  });
});

it('what cannot be remembered is not tried', async () => {
  const trials = new DeviceTrials('/dev/null/nowhere');
  const host = counted(engines());
  const trial = await tryDevice(card, plans, { trials, host, runtime: '1' });
  expect(trial).toMatchObject({ state: 'failed', reason: expect.stringMatching(/cannot be kept/) });
  expect(host.starts).toBe(0);
});
