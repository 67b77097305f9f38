import { join } from 'node:path';
import { makeEngine, openJournal, registerOwner, takeOver } from '../batch/workshop.ts';
import type { EngineHost } from '../engine/engine-host.ts';
import type { EngineState } from '../engine/supervisor/engine-state.ts';
import type { EngineSupervisor } from '../engine/supervisor/engine-supervisor.ts';
import { modelsFolder, scratchFolder, stateFolder } from '../installation.ts';
import type { JobStore } from '../jobs/job-store.ts';
import { defaultMemoryBudget, defaultParallelism, describeMachine, encoderMemory } from '../machine.ts';
import { MediaHandler } from '../media/media-handler.ts';
import { PreviewCache } from '../media/preview-cache.ts';
import { ModelRegistry } from '../models/model-registry.ts';
import { SessionResidency } from '../models/session-residency.ts';
import { BatchMaker } from './batch-maker.ts';
import { BatchQueue } from './batch-queue.ts';
import { EventHub } from './event-hub.ts';
import type { Places } from './places.ts';
import { SettingsFile } from './settings-file.ts';

export interface ApplicationOptions {
  shell: 'desktop' | 'web';
  places: Places;
  /** Folder of what is remembered; that of this user unless told. */
  state?: string;
  /** How engines are started; as processes of their own unless told. */
  host?: EngineHost;
  /** Bytes for everything; half of the machine's unless told. */
  memoryBudget?: number;
}

/** What an application is made of. */
export interface Services {
  shell: ApplicationOptions['shell'];
  places: Places;
  jobs: JobStore;
  engine: EngineSupervisor;
  queue: BatchQueue;
  maker: BatchMaker;
  events: EventHub;
  settings: SettingsFile;
  models: ModelRegistry;
  media: MediaHandler;
}

const SESSION_POLICY = { budgetBytes: 4e9, idleMs: 5 * 60_000 };

/**
 * Starts everything. What an earlier run was killed over is tidied up before this resolves; the engine may still be
 * starting. Throws `journal-too-new`, or what keeps the state folder from being used.
 */
export async function startServices(options: ApplicationOptions): Promise<Services & AsyncDisposable> {
  const { places, shell, state = stateFolder() } = options;
  const stack = new AsyncDisposableStack();
  try {
    const models = await ModelRegistry.read(modelsFolder());
    const { settings, warning: settingsWarning } = await SettingsFile.open(state);
    const { jobs, warning } = await openJournal(stack, state);
    const owner = await registerOwner(stack, jobs);
    const events = new EventHub(jobs);
    for (const text of [warning, settingsWarning]) if (text) events.notice(text);
    for (const problem of models.problems) events.notice(problem.message);
    stack.defer(jobs.onChange((ids) => events.batches(ids)));

    const machine = describeMachine();
    const memoryBudget = options.memoryBudget ?? defaultMemoryBudget(machine);
    const { workers } = defaultParallelism(machine);
    const engine = makeEngine(stack, { workers, sequential: false, memoryBudget }, options.host);
    stack.defer(engine.onState((now) => events.engine(inWords(now))));
    const residency = new SessionResidency(engine, SESSION_POLICY);
    stack.defer(() => residency.close());
    // A page is to open, and say so, also where no engine runs.
    engine.start().catch(() => {});

    await takeOver(jobs, owner);
    const otherFolders = [scratchFolder(), state];
    const queue = new BatchQueue({ jobs, owner, engine, residency }, { otherFolders, hub: events });
    stack.defer(() => queue.close());
    const previews = await PreviewCache.open(join(state, 'previews'), engine);
    const media = new MediaHandler({ jobs, previews, places });
    const means = { engine, jobs, places, models, shell, encoderMemory: encoderMemory(memoryBudget) };
    const maker = new BatchMaker(means);
    const services = { shell, places, jobs, engine, queue, maker, events, settings, models, media };
    const started = stack.move();
    return { ...services, [Symbol.asyncDispose]: () => started.disposeAsync() };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

function inWords({ state, generation, death }: EngineState) {
  return { state, generation, ...(death ? { death: death.detail } : {}) };
}
