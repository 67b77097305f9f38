import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { SuspectedDevices } from '../../../src/main/batch/suspected-devices.ts';
import type { Plan } from '../../../src/shared/plan.ts';
import { planFor } from '../../support/models.ts';
import { recipeFor } from '../real-engine.ts';
import { filesIn, journaled, openWorkshop, pictures, queue, work } from './batch-run.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

function onCard(plan: Plan): Plan {
  const card = { provider: 'cuda', device: 0 } as const;
  return { ...plan, shallow: { ...plan.shallow, ...card }, deep: { ...plan.deep, ...card } };
}

describe('a device', () => {
  const plan = onCard(planFor());
  const [first, second] = [1, 2].map((id) => ({ id, strikes: 0, plan })) as [
    { id: number; strikes: number; plan: Plan },
    { id: number; strikes: number; plan: Plan },
  ];

  it('is used until the engine dies there', () => {
    const devices = new SuspectedDevices();
    expect(devices.reasonToAvoid(first)).toBeUndefined();
    devices.died(first, 'it was ended by SIGSEGV', false);
    const reason = 'the engine died while it computed (it was ended by SIGSEGV)';
    expect([first, second].map((file) => devices.reasonToAvoid(file))).toEqual([reason, reason]);
    const other = { ...plan, shallow: { ...plan.shallow, device: 1 } };
    expect(devices.reasonToAvoid({ ...second, plan: other })).toBeUndefined();
  });

  it('is innocent if the engine dies over the same file on the processor', () => {
    const devices = new SuspectedDevices();
    devices.died(first, 'x', false);
    devices.died({ ...first, strikes: 1 }, 'x', true);
    expect(devices.reasonToAvoid(second)).toBeUndefined();
    expect(devices.reasonToAvoid({ ...first, strikes: 2 })).toBe('the engine died while it computed');
  });

  it('does not count where it is the processor', () => {
    const devices = new SuspectedDevices();
    const file = { ...first, plan: planFor(), strikes: 1 };
    devices.died(file, 'x', false);
    expect(devices.reasonToAvoid(file)).toBeUndefined();
  });
});

it('a driver that ends the engine costs no file: the processor computes them all, and they say so', async () => {
  vi.stubEnv('NODE_OPTIONS', `--import=${new URL('./fixtures/faulty-device.ts', import.meta.url)}`);
  const names = ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg', 'e.jpg'];
  const root = await pictures(...names);
  const workshop = await openWorkshop();
  const { plan } = await recipeFor('');
  const batchId = await queue(root, workshop, { plan: onCard(plan) });
  const { state, events } = await work(workshop, batchId, { inFlight: 2 });
  expect(state).toBe('done');
  expect(await journaled(workshop, batchId)).toEqual(Object.fromEntries(names.map((name) => [name, 'done'])));
  expect(await filesIn(join(root, 'out'))).toEqual(names.map((name) => name.replace('.jpg', '-x2.jpg')));
  const notes = events.flatMap((event) => (event.state === 'done' ? [event.result.notes] : []));
  const note =
    'The processor computed this one, because cuda failed: ' +
    'the engine died while it computed (it was ended by SIGABRT)';
  expect(notes).toEqual(names.map(() => expect.arrayContaining([note])));
  // One or both were in work at the first death, and one of them was alone at the second.
  const retried = events.filter((event) => event.state === 'retried');
  expect([2, 3]).toContain(retried.length);
});

it('a file that the engine dies over on the processor, too, is left out', async () => {
  const fixtures = ['faulty-codec', 'faulty-device'].map(
    (name) => new URL(`./fixtures/${name}.ts`, import.meta.url),
  );
  vi.stubEnv('NODE_OPTIONS', fixtures.map((fixture) => `--import=${fixture}`).join(' '));
  const root = await pictures('aborts.jpg', 'b.jpg');
  const workshop = await openWorkshop();
  const { plan } = await recipeFor('');
  const batchId = await queue(root, workshop, { plan: onCard(plan) });
  await work(workshop, batchId);
  expect(await journaled(workshop, batchId)).toEqual({ 'aborts.jpg': 'quarantined', 'b.jpg': 'done' });
});
