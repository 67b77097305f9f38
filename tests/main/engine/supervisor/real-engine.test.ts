import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { childProcessHost, engineEntry } from '../../../../src/main/engine/child-process-host.ts';
import { deathOf } from '../../../../src/main/engine/supervisor/engine-death.ts';
import type { EngineSupervisor } from '../../../../src/main/engine/supervisor/engine-supervisor.ts';
import { SessionResidency } from '../../../../src/main/models/sessions/session-residency.ts';
import type { EnhanceJob } from '../../../../src/shared/engine-protocol.ts';
import { sessionKey } from '../../../../src/shared/plan.ts';
import { jobFor } from '../../../support/engine.ts';
import { planFor } from '../../../support/models.ts';
import { writePicture } from '../../../support/pictures.ts';
import { failure, reached, supervised } from './support.ts';

const host = childProcessHost(engineEntry(), { quiet: true });
const plan = planFor({ tile: 8 });
const POLICY = { budgetBytes: 1e9, idleMs: 60_000 };

async function ready() {
  const { supervisor, folder } = await supervised(host);
  const residency = new SessionResidency(supervisor, POLICY);
  const source = await writePicture(join(folder, 'photo.jpg'), { width: 400, height: 300 });
  const job = jobFor(source, 'png', { plan });
  const loaded = async () => (await supervisor.request('report', {})).sessions.map(({ key }) => key);
  return { supervisor, residency, job, folder, loaded };
}

/** Resolves when a tile of `job` has been computed. */
async function firstTile(supervisor: EngineSupervisor, { jobId }: EnhanceJob): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stopListening = supervisor.onProgress((jobs) => {
    if (jobs.some((job) => job.jobId === jobId && job.tilesDone > 0)) resolve();
  });
  await promise;
  stopListening();
}

it('an engine that is killed in the middle of a file is replaced, and the file is done by the next', async () => {
  const { supervisor, residency, job, folder } = await ready();
  const { pid } = supervisor;
  const first = await residency.acquire(plan.shallow, plan);
  const tile = firstTile(supervisor, job);
  const died = failure(supervisor.enhance(job));
  await tile;
  process.kill(pid, 'SIGKILL');
  const error = await died;
  expect(deathOf(error)).toMatchObject({ generation: 1, cause: 'killed', signal: 'SIGKILL' });
  expect(await readdir(join(folder, 'scratch'))).not.toContain(`engine-${pid}`);
  first[Symbol.dispose]();

  using _again = await residency.acquire(plan.shallow, plan);
  const nextTile = firstTile(supervisor, job);
  const done = supervisor.enhance(job);
  await nextTile;
  expect(supervisor.state).toMatchObject({ state: 'ready', generation: 2 });
  expect(await done).toMatchObject({ width: 400 * plan.scale, height: 300 * plan.scale });
  expect(await readdir(join(folder, 'scratch'))).toEqual([`engine-${supervisor.pid}`]);
  residency.close();
});

it('sessions that nobody holds are forgotten with their engine, and loaded again when asked for', async () => {
  const { supervisor, residency, loaded } = await ready();
  (await residency.acquire(plan.shallow, plan))[Symbol.dispose]();
  process.kill(supervisor.pid, 'SIGKILL');
  await reached(supervisor, 'ready', 2);
  expect([residency.sessions, await loaded()]).toEqual([[], []]);
  const reference = await residency.acquire(plan.shallow, plan);
  expect(await loaded()).toEqual([sessionKey(plan.shallow)]);
  reference[Symbol.dispose]();
  residency.close();
});

it('a session that is held is there again before the next engine gets work', async () => {
  const { supervisor, residency, job, loaded } = await ready();
  const reference = await residency.acquire(plan.shallow, plan);
  process.kill(supervisor.pid, 'SIGKILL');
  await reached(supervisor, 'restarting');
  // Its session was acquired while there was an engine, and it is sent when there is none.
  expect(await supervisor.enhance(job)).toMatchObject({ width: 400 * plan.scale });
  expect(residency.sessions).toMatchObject([{ references: 1 }]);
  expect(await loaded()).toEqual([sessionKey(plan.shallow)]);
  reference[Symbol.dispose]();
  expect(residency.sessions).toMatchObject([{ references: 0 }]);
  residency.close();
});

it('a session that is asked for while there is no engine is loaded into the next', async () => {
  const { supervisor, residency, loaded } = await ready();
  process.kill(supervisor.pid, 'SIGKILL');
  await reached(supervisor, 'restarting');
  using _reference = await residency.acquire(plan.shallow, plan);
  expect(await loaded()).toEqual([sessionKey(plan.shallow)]);
  residency.close();
});

it('residency that is closed hears of no more engines', async () => {
  const { supervisor, residency } = await ready();
  (await residency.acquire(plan.shallow, plan))[Symbol.dispose]();
  residency.close();
  process.kill(supervisor.pid, 'SIGKILL');
  await reached(supervisor, 'ready', 2);
  expect(residency.sessions).toHaveLength(1);
});

it('an engine answers pings while it works', async () => {
  const { supervisor, residency, job } = await ready();
  using _reference = await residency.acquire(plan.shallow, plan);
  const tile = firstTile(supervisor, job);
  const done = supervisor.enhance(job);
  await tile;
  expect(await supervisor.request('ping', {})).toEqual({});
  await done;
  residency.close();
});
