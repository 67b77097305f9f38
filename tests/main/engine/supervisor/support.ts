import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { childProcessHost } from '../../../../src/main/engine/child-process-host.ts';
import type { EngineHost } from '../../../../src/main/engine/engine-host.ts';
import type { EngineState } from '../../../../src/main/engine/supervisor/engine-state.ts';
import { EngineSupervisor } from '../../../../src/main/engine/supervisor/engine-supervisor.ts';
import type { SupervisionLimits } from '../../../../src/main/engine/supervisor/supervision-limits.ts';
import { engineConfig } from '../../../support/engine.ts';
import { temporaryFolder } from '../../../support/pictures.ts';

const FIXTURES = {
  'fixture-engine': new URL('./fixtures/fixture-engine.ts', import.meta.url),
  'never-greets': new URL('./fixtures/never-greets.ts', import.meta.url),
  'ends-at-once': new URL('./fixtures/ends-at-once.ts', import.meta.url),
};

/** Engines in processes of their own that do what they are told to; see the files in fixtures/. */
export function fixtureHost(name: keyof typeof FIXTURES): EngineHost {
  return childProcessHost(FIXTURES[name], { quiet: true });
}

/** The first engine is of the first host, the next of the next, all others of the last. */
export function inTurn(...hosts: EngineHost[]): EngineHost {
  let starts = 0;
  return {
    name: 'in turn',
    start: () => {
      const host = hosts[Math.min(starts, hosts.length - 1)] as EngineHost;
      starts += 1;
      return host.start();
    },
  };
}

/** A supervisor that has not started anything, and all the states it goes through. It stops with the test. */
export async function supervise(host: EngineHost, limits: Partial<SupervisionLimits> = {}) {
  const folder = await temporaryFolder();
  const config = engineConfig(join(folder, 'scratch'), { workers: 1 });
  const supervisor = new EngineSupervisor(host, config, { backOff: 1, ...limits });
  const states: EngineState[] = [];
  supervisor.onState((state) => states.push(state));
  onTestFinished(() => supervisor.stop());
  return { supervisor, states, folder };
}

/** As `supervise`, the first engine ready. */
export async function supervised(host: EngineHost, limits: Partial<SupervisionLimits> = {}) {
  const started = await supervise(host, limits);
  await started.supervisor.start();
  return started;
}

/** Resolves when the supervisor gets into `state`, with an engine of `generation` or later. */
export async function reached(
  supervisor: EngineSupervisor,
  state: EngineState['state'],
  generation = 1,
): Promise<EngineState> {
  const { promise, resolve } = Promise.withResolvers<EngineState>();
  const look = (now: EngineState) => {
    if (now.state === state && now.generation >= generation) resolve(now);
  };
  const stopListening = supervisor.onState(look);
  look(supervisor.state);
  const found = await promise;
  stopListening();
  return found;
}

/** What a request fails with. */
export async function failure(request: Promise<unknown>): Promise<unknown> {
  return request.then(
    (value) => {
      throw new Error(`Did not fail, but resolved to ${JSON.stringify(value)}.`);
    },
    (error: unknown) => error,
  );
}
