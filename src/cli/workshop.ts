import type { Workshop } from '../main/batch/batch-runner.ts';
import { placeFinished } from '../main/batch/file-work.ts';
import { childProcessHost, engineEntry } from '../main/engine/child-process-host.ts';
import { EngineSupervisor } from '../main/engine/supervisor/engine-supervisor.ts';
import { scratchFolder, stateFolder } from '../main/installation.ts';
import type { JobStore } from '../main/jobs/job-store.ts';
import { frameMemory } from '../main/machine.ts';
import { SessionResidency } from '../main/models/session-residency.ts';
import { openJobStore } from '../main/worker/open-job-store.ts';
import { startMainWorker } from '../main/worker/start-main-worker.ts';

/** How the engine of a command is set up. */
export interface EngineOptions {
  workers: number;
  sequential: boolean;
  /** Bytes, for everything. */
  memoryBudget: number;
}

/** Frames that wait in front of a stage. */
const QUEUE_DEPTH = 1;
/** Sessions of one command are few and all in use; the budget is for long-lived shells. */
const SESSION_POLICY = { budgetBytes: 4e9, idleMs: 60_000 };
/** Milliseconds between two signs of life to the journal. */
const HEARTBEAT = 10_000;

export interface OpenJournal extends AsyncDisposable {
  jobs: JobStore;
}

/** The journal of this user; `warn` is told if it was found broken. */
export async function openJournal(warn: (message: string) => void): Promise<OpenJournal> {
  const worker = startMainWorker();
  try {
    const { jobs, warning } = await openJobStore(worker, stateFolder());
    if (warning) warn(warning);
    return {
      jobs,
      [Symbol.asyncDispose]: async () => {
        await jobs.close();
        await worker.close();
      },
    };
  } catch (error) {
    await worker.close();
    throw error;
  }
}

/**
 * Everything that it takes to work on batches: journal, engine, sessions. What an earlier run was killed over is tidied up
 * before this resolves.
 */
export async function openWorkshop(
  options: EngineOptions,
  warn: (message: string) => void,
): Promise<Workshop & AsyncDisposable> {
  const stack = new AsyncDisposableStack();
  try {
    const { jobs } = stack.use(await openJournal(warn));
    const owner = await jobs.registerOwner();
    const heart = setInterval(() => void jobs.heartbeat(owner).catch(() => {}), HEARTBEAT);
    stack.defer(async () => {
      clearInterval(heart);
      await jobs.retire(owner);
    });
    const engine = new EngineSupervisor(childProcessHost(engineEntry()), {
      workers: options.workers,
      queueDepth: QUEUE_DEPTH,
      sequential: options.sequential,
      memoryBudget: frameMemory(options.memoryBudget),
      scratch: scratchFolder(),
    });
    stack.defer(() => engine.stop());
    const { ready } = (await Promise.all([jobs.recover(owner), engine.start()]))[0];
    await placeFinished({ jobs, owner }, ready);
    await jobs.prune();
    const residency = new SessionResidency(engine, SESSION_POLICY);
    stack.defer(() => residency.close());
    const opened = stack.move();
    return { jobs, owner, engine, residency, [Symbol.asyncDispose]: () => opened.disposeAsync() };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}
