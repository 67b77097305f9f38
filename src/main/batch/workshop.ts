import { childProcessHost, engineEntry } from '../engine/child-process-host.ts';
import type { EngineHost } from '../engine/engine-host.ts';
import { EngineSupervisor } from '../engine/supervisor/engine-supervisor.ts';
import { scratchFolder } from '../installation.ts';
import type { JobStore, Owner } from '../jobs/job-store.ts';
import { frameMemory } from '../machine.ts';
import { type OpenedJobStore, openJobStore } from '../worker/open-job-store.ts';
import { type MainWorker, startMainWorker } from '../worker/start-main-worker.ts';
import { placeFinished } from './place-result.ts';

/** What every shell puts together to work on batches. All of it is closed by the `stack` that it is opened on. */

/** The journal in the folder `state`, and the worker thread that it is in. Throws `journal-too-new`, or what keeps the folder from being used. */
export async function openJournal(
  stack: AsyncDisposableStack,
  state: string,
): Promise<OpenedJobStore & { worker: MainWorker }> {
  const worker = startMainWorker();
  stack.defer(() => worker.close());
  const opened = await openJobStore(worker, state);
  stack.defer(() => opened.jobs.close());
  return { ...opened, worker };
}

/** Milliseconds between two signs of life to the journal. */
const HEARTBEAT = 10_000;

/** An owner of files, alive till the end of the stack; then ended batches beyond the bounds are forgotten. */
export async function registerOwner(stack: AsyncDisposableStack, jobs: JobStore): Promise<Owner> {
  const owner = await jobs.registerOwner();
  const heart = setInterval(() => void jobs.heartbeat(owner).catch(() => {}), HEARTBEAT);
  stack.defer(async () => {
    clearInterval(heart);
    await jobs.retire(owner);
    await jobs.prune();
  });
  return owner;
}

/** Takes over what an earlier run was killed over: finishes what only lacks its name, queues the rest again. */
export async function takeOver(jobs: JobStore, owner: Owner): Promise<void> {
  const { ready } = await jobs.recover(owner);
  await placeFinished({ jobs, owner }, ready);
}

export interface EngineOptions {
  workers: number;
  sequential: boolean;
  /** Bytes, for everything. */
  memoryBudget: number;
}

/** Frames that wait in front of a stage. */
const QUEUE_DEPTH = 1;

/** A supervised engine, not yet started; as a process of its own unless `host` says otherwise. */
export function makeEngine(
  stack: AsyncDisposableStack,
  { workers, sequential, memoryBudget }: EngineOptions,
  host: EngineHost = childProcessHost(engineEntry()),
): EngineSupervisor {
  const engine = new EngineSupervisor(host, {
    workers,
    queueDepth: QUEUE_DEPTH,
    sequential,
    memoryBudget: frameMemory(memoryBudget),
    scratch: scratchFolder(),
  });
  stack.defer(() => engine.stop());
  return engine;
}
