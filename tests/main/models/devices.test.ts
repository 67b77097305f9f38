import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { Devices } from '../../../src/main/devices/devices.ts';
import { childProcessHost } from '../../../src/main/engine/child-process-host.ts';
import type { EngineHost } from '../../../src/main/engine/engine-host.ts';
import { modelsFolder } from '../../../src/main/installation.ts';
import { ModelRegistry } from '../../../src/main/models/model-registry.ts';
import { startEngine } from '../../support/engine.ts';
import { temporaryFolder } from '../../support/pictures.ts';

const model = (await ModelRegistry.read(modelsFolder())).get('photo-x2');

afterEach(() => {
  vi.unstubAllEnvs();
});

it('disposed of in the middle of a trial, it ends that, of which nothing is remembered', async () => {
  const folder = await temporaryFolder();
  const { engine } = await startEngine(folder, { workers: 1 });
  vi.stubEnv('TRIAL', 'hang');
  const hanging = childProcessHost(new URL('../devices/fixtures/failing-engine.ts', import.meta.url), {
    quiet: true,
  });
  const asked = Promise.withResolvers<void>();
  const ends: Promise<unknown>[] = [];
  const host: EngineHost = {
    name: hanging.name,
    start() {
      const link = hanging.start();
      ends.push(link.exited);
      // The fixture says that once it has been asked.
      link.onMessage((message) => {
        if ((message as { type?: unknown }).type === 'progress') asked.resolve();
      });
      return link;
    },
  };
  const state = join(folder, 'state');
  const devices = new Devices({ state, host });
  const [device] = (await devices.find(engine)).devices.filter(({ provider }) => provider === 'cpu');
  if (!device) return expect.unreachable();
  const attempt = () => devices.try(device, model, { variant: 'fp32', threads: 1 }, engine);
  const attempts = Promise.allSettled([attempt(), attempt()]);
  await asked.promise;
  expect(await readdir(join(state, 'devices'))).toHaveLength(1);
  await devices[Symbol.asyncDispose]();
  expect(await readdir(join(state, 'devices'))).toEqual([]);
  const cancelled = { status: 'rejected', reason: { code: 'cancelled' } };
  expect(await attempts).toMatchObject([cancelled, cancelled]);
  expect(await readdir(join(state, 'devices'))).toEqual([]);
  expect(ends).toHaveLength(1);
  await ends[0];
});
