import type { Workshop } from '../../main/batch/batch-runner.ts';
import {
  type EngineOptions,
  makeEngine,
  openJournal as openJournalOn,
  registerOwner,
  takeOver,
} from '../../main/batch/workshop.ts';
import { Devices } from '../../main/devices/devices.ts';
import { childProcessHost, engineEntry } from '../../main/engine/child-process-host.ts';
import { stateFolder } from '../../main/installation.ts';
import type { JobStore } from '../../main/jobs/job-store.ts';
import { SessionResidency } from '../../main/models/sessions/session-residency.ts';

/** Sessions of one command are few and all in use; the budget is for long-lived shells. */
const SESSION_POLICY = { budgetBytes: 4e9, idleMs: 60_000 };

/** The journal of this user; `warn` is told if it was found broken. */
export function openJournal(warn: (message: string) => void): Promise<{ jobs: JobStore } & AsyncDisposable> {
  return opened(async (stack) => ({ jobs: await journal(stack, warn) }));
}

/**
 * Everything that it takes to work on batches: journal, engine, sessions. What an earlier run was killed over is tidied up
 * before this resolves.
 */
export function openWorkshop(
  options: EngineOptions,
  warn: (message: string) => void,
): Promise<Workshop & { devices: Devices } & AsyncDisposable> {
  return opened(async (stack) => {
    const jobs = await journal(stack, warn);
    const owner = await registerOwner(stack, jobs);
    const engine = makeEngine(stack, options);
    await Promise.all([takeOver(jobs, owner), engine.start()]);
    const residency = new SessionResidency(engine, SESSION_POLICY);
    stack.defer(() => residency.close());
    return { jobs, owner, engine, residency, devices: ownDevices() };
  });
}

/** The devices of this machine, as this user's state knows them. */
function ownDevices(): Devices {
  return new Devices({ state: stateFolder(), host: childProcessHost(engineEntry(), { quiet: true }) });
}

async function journal(stack: AsyncDisposableStack, warn: (message: string) => void): Promise<JobStore> {
  const { jobs, warning } = await openJournalOn(stack, stateFolder());
  if (warning) warn(warning);
  return jobs;
}

/** What `open` makes, to be disposed of with all that it put on the stack; nothing of it stays if it throws. */
async function opened<T extends object>(
  open: (stack: AsyncDisposableStack) => Promise<T>,
): Promise<T & AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const made = await open(stack);
  const kept = stack.move();
  return { ...made, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
