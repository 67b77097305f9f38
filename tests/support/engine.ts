import { access, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { AroundStage } from '../../src/engine/engine.ts';
import { serveEngine } from '../../src/engine/serve-engine.ts';
import { EngineClient } from '../../src/main/engine/engine-client.ts';
import { inMemoryHost } from '../../src/main/engine/in-memory-host.ts';
import type { EngineConfig, EnhanceJob, EnhanceResult } from '../../src/shared/engine-protocol.ts';
import type { OutputFormat } from '../../src/shared/formats.ts';
import { networkUseOf, type Plan } from '../../src/shared/plan.ts';
import { planFor } from './models.ts';
import { temporaryFolder } from './pictures.ts';

export function engineConfig(scratch: string, change: Partial<EngineConfig> = {}): EngineConfig {
  return { workers: 2, queueDepth: 2, sequential: false, memoryBudget: 1e8, scratch, ...change };
}

/** An engine in this process, its threads real, that stops with the test. `folder` is the test's own. */
export async function startEngine(
  folder: string,
  change: Partial<EngineConfig> = {},
  around?: AroundStage,
): Promise<{ engine: EngineClient; scratch: string }> {
  const scratch = join(folder, 'scratch', `engine-${process.pid}`);
  const engine = await EngineClient.start(
    inMemoryHost((port) => serveEngine(port, around)),
    engineConfig(join(folder, 'scratch'), change),
  );
  onTestFinished(() => engine.stop());
  return { engine, scratch };
}

/** A folder and an engine in it with the sessions of `planFor()` resident. */
export async function readyEngine(change: Partial<EngineConfig> = {}, around?: AroundStage) {
  const folder = await temporaryFolder();
  const { engine, scratch } = await startEngine(folder, change, around);
  await loadSessions(engine, planFor());
  return { engine, scratch, folder };
}

export async function loadSessions(engine: EngineClient, plan: Plan): Promise<void> {
  for (const session of [plan.shallow, plan.deep]) {
    await engine.request('loadSession', { session, tile: plan.tile, ...networkUseOf(plan) });
  }
}

let jobs = 0;

/** A job of `source` with an id of its own, whose result lies beside it. */
export function jobFor(
  source: string,
  format: OutputFormat = 'png',
  change: Partial<EnhanceJob> = {},
): EnhanceJob {
  const jobId = jobs++;
  const temporary = join(source, '..', `.${basename(source)}.${jobId}.part`);
  return { jobId, source, plan: planFor(), output: { temporary, format }, lane: 'batch', ...change };
}

export async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** What an engine still holds of its jobs: nothing, when all of them are over. */
export async function leftovers(engine: EngineClient, scratch: string) {
  const { pool, scheduler } = await engine.request('report', {});
  return {
    leases: pool.inUse,
    waiting: pool.waiting,
    tiles: scheduler.queued + scheduler.running,
    scratch: await readdir(scratch),
  };
}

export const NOTHING_LEFT = { leases: 0, waiting: 0, tiles: 0, scratch: [] };

/** What became of a job: `done`, or the code of its error. */
export async function outcomeOf(result: Promise<EnhanceResult>): Promise<string> {
  return result.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? String(error),
  );
}
