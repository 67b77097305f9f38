import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cardsTogether, chooseDevice, meantDevices } from '../../../src/main/devices/choose-device.ts';
import type { Device } from '../../../src/main/devices/device-list.ts';
import { planOn } from '../../../src/main/devices/device-plan.ts';
import { DeviceTrials, type Trial, trialKey } from '../../../src/main/devices/device-trials.ts';
import { Devices, type TriedDevice } from '../../../src/main/devices/devices.ts';
import { childProcessHost, engineEntry } from '../../../src/main/engine/child-process-host.ts';
import { modelsFolder } from '../../../src/main/installation.ts';
import { ModelRegistry } from '../../../src/main/models/model-registry.ts';
import { resolvePlan } from '../../../src/main/models/resolve-plan.ts';
import { startEngine } from '../../support/engine.ts';
import { temporaryFolder } from '../../support/pictures.ts';
import { cardsToldBy } from './made-up-cards.ts';

const shipped = (await ModelRegistry.read(modelsFolder())).get('photo-x2');
// Of one variant, so that a device has one trial.
const variants = shipped.manifest.variants.filter(({ id }) => id === 'fp32');
const model = { ...shipped, manifest: { ...shipped.manifest, variants } };
const plan = resolvePlan(model, { variant: 'fp32', threads: 1 });

const passed = (milliseconds: number): Trial => ({ state: 'passed', milliseconds, whole: true });
const failed: Trial = { state: 'failed', reason: 'no' };

function card(index: number, name: string, change: Partial<Device> = {}): Device {
  const id = `cuda:${index}`;
  return { id, provider: 'cuda', index, name, driver: '1', memory: null, likely: true, ...change };
}

function tried(device: Device, trial: Trial): TriedDevice {
  return { device, plan: planOn(device, plan), trial };
}

const ids = (devices: readonly (Device | TriedDevice)[]) =>
  devices.map((each) => ('device' in each ? each.device.id : each.id));

describe('cards together', () => {
  const all = [
    tried(card(0, 'A'), passed(10)),
    tried(card(1, 'B'), passed(7)),
    tried(card(2, 'A'), passed(10)),
    tried(card(3, 'A', { driver: '2' }), passed(8)),
  ];

  it.each([
    ['are those of the kind that gets through most', 8, ['cuda:0', 'cuda:2']],
    ['are no more than there are workers', 1, ['cuda:1']],
  ])('%s', (_, workers, expected) => {
    expect(ids(cardsTogether(all, workers))).toEqual(expected);
  });

  it('are of no kind where it is not known which is which', () => {
    const dml = [0, 1].map((index) =>
      tried(
        card(index, 'A or B', { provider: 'dml', id: `dml:${index}`, ambiguous: true }),
        passed(9 - index),
      ),
    );
    expect(ids(cardsTogether(dml, 8))).toEqual(['dml:1']);
    expect(cardsTogether([], 8)).toEqual([]);
  });
});

describe('the devices that are meant', () => {
  const cpu: Device = { ...card(0, 'Xeon'), id: 'cpu', provider: 'cpu' };
  const [one, two] = [card(0, 'A'), card(1, 'A')];
  const found = (first: Trial | undefined, second: Trial | undefined, own?: Trial) =>
    [
      { device: one, trial: first },
      { device: two, trial: second },
      { device: cpu, trial: own },
    ].map(({ device, trial }) => ({ device, tried: trial && tried(device, trial) }));

  it.each([
    ['auto', found(passed(9), passed(8)), ['cuda:1']],
    ['auto', found(passed(9), passed(8), passed(12)), ['cpu']],
    ['auto', found(passed(9), undefined), ['cuda:1']],
    ['auto', found(failed, failed), ['cpu']],
    ['all', found(passed(9), passed(8)), ['cuda:0', 'cuda:1']],
    ['cuda', found(passed(9), failed), ['cuda:0']],
    ['cuda:0', found(failed, passed(8)), ['cpu']],
    ['cpu', found(passed(9), passed(8)), ['cpu']],
    ['none such', found(passed(9), passed(8)), ['cpu']],
  ])('%s', (wanted, devices, expected) => {
    expect(ids(meantDevices(devices, wanted, 2))).toEqual(expected);
  });
});

/** Whether there is a WebGPU, and works, is this machine's affair. */
const ofCuda = (reason: string) => reason.includes('(cuda:');

describe.skipIf(process.platform !== 'linux' || process.arch !== 'x64')(
  'where trials have passed (CUDA is for Linux on x64)',
  () => {
    async function triedCards() {
      await cardsToldBy(
        'for card in 0 1; do echo "Test card, 1.2, 1024"; done; echo "Other card, 1.2, 1024"',
      );
      const folder = await temporaryFolder();
      const { engine } = await startEngine(folder, { workers: 1 });
      const state = join(folder, 'state');
      const devices = new Devices({ state, host: childProcessHost(engineEntry(), { quiet: true }) });
      const { runtime, devices: found } = await devices.find(engine);
      const cards = found.filter(({ provider }) => provider === 'cuda');
      const trials = new DeviceTrials(state);
      const key = (device: Device) => trialKey(device, planOn(device, plan).shallow, runtime);
      for (const device of cards) await trials.end(key(device), passed(9));
      const processor = async () => plan;
      const options = { variant: 'auto', threads: 1, workers: 4, processor } as const;
      const choose = (wanted: string) => chooseDevice(model, wanted, options, { devices, engine });
      return { choose, devices, engine, cards, trials, key };
    }

    it('all cards of one kind compute together, and the others are named', async () => {
      const { choose, trials, key, cards } = await triedCards();
      const { plan: chosen, used, refused } = await choose('all');
      expect([chosen.shallow.devices, ids(used), refused.filter(ofCuda)]).toEqual([
        [0, 1],
        ['cuda:0', 'cuda:1'],
        [
          'Other card (cuda:2) is not used: it computes alone or with its like, and Test card (cuda:0) is faster.',
        ],
      ]);
      const [, second] = cards as [Device, Device];
      await trials.end(key(second), failed);
      const again = await choose('cuda');
      expect(again.plan.shallow).toMatchObject({ provider: 'cuda', device: 0 });
      expect(again.refused.filter(ofCuda)[0]).toBe(
        "Test card (cuda:1) is not used: no. To try it again: 'enlarger doctor --again'.",
      );
    });

    it('what their memory was too short for is remembered, for each of them', async () => {
      const { choose, devices, engine } = await triedCards();
      const { plan: chosen } = await choose('all');
      const { width, height } = chosen.tile;
      await devices.keepTile(chosen.shallow, (width * height) / 2, engine);
      const half = { width: width / 2, height };
      for (const wanted of ['all', 'cuda:0', 'cuda:1'])
        expect((await choose(wanted)).plan.tile).toEqual(half);
      expect((await choose('cuda:2')).plan.tile).toEqual(chosen.tile);
      // The processor's is everybody's.
      await devices.keepTile(plan.deep, 1, engine);
    });
  },
);
