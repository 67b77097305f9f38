import { mkdir, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { BatchRunner, type RunnerOptions, type Workshop } from '../../../src/main/batch/batch-runner.ts';
import type { FileEvent } from '../../../src/main/batch/file-event.ts';
import { prepareBatch, type Recipe } from '../../../src/main/batch/prepare-batch.ts';
import { queueBatch } from '../../../src/main/batch/queue-batch.ts';
import { childProcessHost, engineEntry } from '../../../src/main/engine/child-process-host.ts';
import { EngineSupervisor } from '../../../src/main/engine/supervisor/engine-supervisor.ts';
import type { SupervisionLimits } from '../../../src/main/engine/supervisor/supervision-limits.ts';
import { SessionResidency } from '../../../src/main/models/sessions/session-residency.ts';
import { openJobStore } from '../../../src/main/worker/open-job-store.ts';
import { startMainWorker } from '../../../src/main/worker/start-main-worker.ts';
import type { BatchState } from '../../../src/shared/jobs.ts';
import { temporaryFolder, writePicture } from '../../support/pictures.ts';
import { config, recipeFor } from '../real-engine.ts';

/** A journal in `state` (its own unless told) and a supervised engine in its own process; both end with the test. */
export async function openWorkshop(
  limits: Partial<SupervisionLimits> = {},
  state?: string,
): Promise<Workshop> {
  const scratch = await temporaryFolder();
  const worker = startMainWorker();
  const { jobs } = await openJobStore(worker, state ?? (await temporaryFolder()));
  const owner = await jobs.registerOwner();
  const host = childProcessHost(engineEntry(), { quiet: true });
  const engine = new EngineSupervisor(host, config(scratch), { backOff: 1, ...limits });
  const residency = new SessionResidency(engine, { budgetBytes: 1e9, idleMs: 60_000 });
  onTestFinished(async () => {
    residency.close();
    await engine.stop();
    await jobs.close();
    await worker.close();
  });
  await engine.start();
  return { jobs, owner, engine, residency };
}

/** Queues what lies in `in` for `out`, both in `root`; resolves to the id of the batch. */
export async function queue(root: string, workshop: Workshop, recipe: Partial<Recipe> = {}): Promise<number> {
  const whole = await recipeFor(join(root, 'out'), recipe);
  return queueBatch(workshop.jobs, await prepareBatch([join(root, 'in')], true, whole, workshop), 'cli');
}

/** What a test does while a batch runs; each is also told by whom it runs. */
export interface Watching {
  inFlight?: number;
  onFile?: (event: FileEvent, runner: BatchRunner) => void;
  onProgress?: (jobs: Parameters<RunnerOptions['onProgress']>[0], runner: BatchRunner) => void;
  onObstacle?: (reason: string | undefined, runner: BatchRunner) => void;
}

export interface Ran {
  state: BatchState;
  events: FileEvent[];
}

/** Works through a batch of the journal as far as it goes. */
export async function work(workshop: Workshop, batchId: number, watching: Watching = {}): Promise<Ran> {
  const events: FileEvent[] = [];
  const runner: BatchRunner = new BatchRunner(workshop, batchId, {
    inFlight: watching.inFlight ?? 2,
    otherFolders: [],
    onFile: (event) => {
      events.push(event);
      watching.onFile?.(event, runner);
    },
    onProgress: (jobs) => watching.onProgress?.(jobs, runner),
    onObstacle: (reason) => watching.onObstacle?.(reason, runner),
  });
  return { state: await runner.run(), events };
}

/** Enlarges `in` into `out`, both in `root`, with a journal and an engine of its own. */
export async function run(root: string, recipe: Partial<Recipe> = {}, watching: Watching = {}): Promise<Ran> {
  const workshop = await openWorkshop();
  return work(workshop, await queue(root, workshop, recipe), watching);
}

/** How each file ended as it was told, in the order of their names. */
export function endings(events: readonly FileEvent[]): [name: string, state: FileEvent['state']][] {
  return events
    .filter(({ state }) => state !== 'started' && state !== 'retried')
    .map(({ file, state }): [string, FileEvent['state']] => [basename(file.source), state])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** What the journal has of each file, by its name. */
export async function journaled({ jobs }: Workshop, batchId: number): Promise<Record<string, string>> {
  const files = await jobs.files(batchId, { limit: 10_000 });
  return Object.fromEntries(files.map(({ source, state, code }) => [basename(source), code ?? state]));
}

/** A folder with these pictures, each another one, in its `in`, and an empty `out`. */
export async function pictures(...names: string[]): Promise<string> {
  const root = await temporaryFolder();
  await mkdir(join(root, 'in', 'sub'), { recursive: true });
  await mkdir(join(root, 'out'));
  for (const [index, name] of names.entries()) {
    await writePicture(join(root, 'in', name), { seed: index + 1 });
  }
  return root;
}

/** Everything in a folder, by paths below it. */
export const filesIn = async (folder: string) => (await readdir(folder, { recursive: true })).sort();
