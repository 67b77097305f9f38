import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DeviceTrials, trialKey } from '../../../src/main/devices/device-trials.ts';
import { thisProcess } from '../../../src/main/jobs/process-identity.ts';
import { temporaryFolder } from '../../support/pictures.ts';

/** The one file that trials are kept in so far. */
async function onlyFile(folder: string): Promise<string> {
  const names = await readdir(join(folder, 'devices'));
  expect(names).toHaveLength(1);
  return join(folder, 'devices', String(names[0]));
}

const PASSED = { state: 'passed', milliseconds: 3, whole: true } as const;

it('remembers between runs, and forgets a device', async () => {
  const folder = await temporaryFolder();
  const trials = new DeviceTrials(folder);
  expect(await trials.get('cuda:0/a')).toBeUndefined();
  await trials.begin('cuda:0/a');
  await Promise.all([
    trials.end('cuda:0/a', PASSED),
    trials.end('cuda:0/b', { state: 'failed', reason: 'no' }),
    trials.end('cpu/a', PASSED),
  ]);
  const later = new DeviceTrials(folder);
  expect(await later.get('cuda:0/a')).toEqual(PASSED);
  expect(await later.get('cuda:0/b')).toEqual({ state: 'failed', reason: 'no' });
  await later.forget('cuda:0/');
  expect([await trials.get('cuda:0/a'), await trials.get('cpu/a')]).toEqual([undefined, PASSED]);
  expect(await trials.get('toString')).toBeUndefined();
});

it('keeps the smallest of the tiles that there was memory for, with trials that passed', async () => {
  const folder = await temporaryFolder();
  const trials = new DeviceTrials(folder);
  await trials.end('cuda:0/a', PASSED);
  await trials.end('cuda:0/b', { state: 'failed', reason: 'no' });
  for (const key of ['cuda:0/a', 'cuda:0/b', 'cuda:0/c']) await trials.keepTile(key, 512);
  await trials.keepTile('cuda:0/a', 1024);
  const later = new DeviceTrials(folder);
  const kept = await Promise.all(['cuda:0/a', 'cuda:0/b', 'cuda:0/c'].map((key) => later.get(key)));
  expect(kept).toEqual([{ ...PASSED, tilePixels: 512 }, { state: 'failed', reason: 'no' }, undefined]);
});

it('tells what is known of files of weights', async () => {
  const trials = new DeviceTrials(await temporaryFolder());
  const card = { id: 'dml:1', name: 'Radeon RX 6700/6750', driver: '1' };
  await trials.end(trialKey(card, { sha256: 'ab' }, '1.30'), PASSED);
  await trials.end(trialKey(card, { sha256: 'cd' }, '1.30'), PASSED);
  expect(await trials.of(new Set(['ab', 'ef']))).toEqual([{ device: 'dml:1', sha256: 'ab', trial: PASSED }]);
});

it('a trial whose process ended has failed; one that goes on says nothing yet', async () => {
  const folder = await temporaryFolder();
  await new DeviceTrials(folder).begin('webgpu/a');
  expect(await new DeviceTrials(folder).get('webgpu/a')).toBeUndefined();
  // No system has so many processes.
  const by = { ...thisProcess(), pid: 2 ** 22 + 1 };
  const begun = { key: 'webgpu/a', trial: { state: 'begun', by } };
  await writeFile(await onlyFile(folder), JSON.stringify(begun));
  expect(await new DeviceTrials(folder).get('webgpu/a')).toMatchObject({
    state: 'failed',
    reason: 'the program ended while it was tried, perhaps over it',
  });
});

it('many may write at once, and nothing that one of them writes is lost', async () => {
  const folder = await temporaryFolder();
  const all = Array.from({ length: 4 }, () => new DeviceTrials(folder));
  await Promise.all(all.map((trials, index) => trials.end(`${index}/1`, PASSED)));
  const kept = await Promise.all(all.map((trials, index) => trials.get(`${index}/1`)));
  expect(kept).toEqual([PASSED, PASSED, PASSED, PASSED]);
});

it('keeps what another process found out meanwhile', async () => {
  const folder = await temporaryFolder();
  const [one, other] = [new DeviceTrials(folder), new DeviceTrials(folder)];
  await one.end('a/1', PASSED);
  await other.end('b/1', PASSED);
  expect([await one.get('b/1'), await other.get('a/1')]).toEqual([PASSED, PASSED]);
});

it.each(['nonsense', '{"key":"a","trial":{"state":"passed"}}'])(
  'sets aside what it does not understand: %s',
  async (text) => {
    const folder = await temporaryFolder();
    const trials = new DeviceTrials(folder);
    await trials.end('a', PASSED);
    const path = await onlyFile(folder);
    await writeFile(path, text);
    expect(await trials.get('a')).toBeUndefined();
    expect(await readFile(`${path}.broken`, 'utf8')).toBe(text);
    await trials.end('a', PASSED);
    expect(await trials.get('a')).toEqual(PASSED);
  },
);
