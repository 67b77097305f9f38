import { join } from 'node:path';
import { makeEngine, openJournal, registerOwner, takeOver } from '../batch/workshop.ts';
import type { CatalogueService } from '../catalogue/catalogue-service.ts';
import { openCatalogue } from '../catalogue/open-catalogue.ts';
import { Devices } from '../devices/devices.ts';
import { childProcessHost, engineEntry } from '../engine/child-process-host.ts';
import type { EngineHost } from '../engine/engine-host.ts';
import type { EngineState } from '../engine/supervisor/engine-state.ts';
import type { EngineSupervisor } from '../engine/supervisor/engine-supervisor.ts';
import { ExportService } from '../exports/export-service.ts';
import { modelFolders, scratchFolder, stateFolder } from '../installation.ts';
import type { JobStore } from '../jobs/job-store.ts';
import {
  defaultMemoryBudget,
  defaultParallelism,
  describeMachine,
  encoderMemory,
  frameMemory,
} from '../machine.ts';
import { MediaHandler } from '../media/media-handler.ts';
import { PreviewCache } from '../media/preview-cache.ts';
import type { MetricsFeed } from '../metrics/metrics-feed.ts';
import type { PageProcess } from '../metrics/metrics-sampler.ts';
import { startMetrics } from '../metrics/start-metrics.ts';
import { MeasuredSpeeds } from '../models/measured-speed.ts';
import { ModelLibrary } from '../models/model-library.ts';
import { SessionResidency } from '../models/sessions/session-residency.ts';
import { ModelStore } from '../models/store/model-store.ts';
import { BatchMaker, type Computing } from './batch-maker.ts';
import { BatchQueue } from './batch-queue.ts';
import { EventHub } from './event-hub.ts';
import type { Places } from './places.ts';
import { SettingsFile } from './settings-file.ts';
import { UserModels } from './user-models.ts';

export interface ApplicationOptions {
  shell: 'desktop' | 'web';
  places: Places;
  /** Folder of what is remembered; that of this user unless told. */
  state?: string;
  /** How engines are started; as processes of their own unless told. */
  host?: EngineHost;
  /** Bytes for everything; half of the machine's unless told. */
  memoryBudget?: number;
  /** The processes that show the shell's page, as it knows them; none unless told. */
  pages?: () => readonly PageProcess[];
}

/** What an application is made of. */
export interface Services {
  shell: ApplicationOptions['shell'];
  places: Places;
  jobs: JobStore;
  engine: EngineSupervisor;
  residency: SessionResidency;
  queue: BatchQueue;
  maker: BatchMaker;
  computing: Computing;
  events: EventHub;
  settings: SettingsFile;
  models: ModelLibrary;
  userModels: UserModels;
  speeds: MeasuredSpeeds;
  metrics: MetricsFeed;
  media: MediaHandler;
  exports: ExportService;
  catalogue: CatalogueService;
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
    const folders = modelFolders(state);
    const models = stack.use(await ModelLibrary.open(folders));
    const { jobs, warning, worker } = await openJournal(stack, state);
    const { settings, warning: settingsWarning } = await SettingsFile.open(state);
    const owner = await registerOwner(stack, jobs);
    const events = new EventHub(jobs);
    for (const text of [warning, settingsWarning]) if (text) events.notice(text);
    stack.defer(tellOfModels(models, events));
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
    const speeds = await MeasuredSpeeds.open(state);
    const memory = { total: machine.memory, budget: frameMemory(memoryBudget) };
    const pages = options.pages ?? (() => []);
    const waiting = () => queue.waiting;
    const { metrics, work } = startMetrics(stack, { engine, jobs, models, speeds, memory, pages, waiting });
    const host = options.host ?? childProcessHost(engineEntry(), { quiet: true });
    const devices = stack.use(new Devices({ state, host }));
    const queue = new BatchQueue(
      { jobs, owner, engine, residency, devices },
      { otherFolders, hub: events, work },
    );
    stack.defer(() => queue.close());
    const store = await ModelStore.open({
      folders,
      host,
      jobs,
      hash: (path) => jobs.fingerprint(path),
    });
    stack.defer(() => store.close());
    const catalogue = await openCatalogue({
      ...{ state, store, models },
      hash: (path) => worker.ask('hash', { path }),
      allowed: () => settings.get().network,
      tell: (download) => events.download(download),
    });
    stack.defer(() => catalogue.close());
    stack.defer(settings.onChange(() => void catalogue.obeyGate()));
    const userModels = new UserModels({ store, library: models, places, settings });
    const previews = await PreviewCache.open(join(state, 'previews'), engine);
    const notes = join(state, 'exports');
    const exports = await ExportService.open({ worker, places, hub: events, shell, notes });
    stack.defer(() => exports.close());
    const media = new MediaHandler({ jobs, engine, previews, places, exports });
    const computing = { devices, workers, device: () => settings.get().device };
    const means = {
      ...{ engine, jobs, places, models, shell, computing },
      encoderMemory: encoderMemory(memoryBudget),
    };
    const maker = new BatchMaker(means);
    const services = {
      shell,
      places,
      jobs,
      engine,
      residency,
      queue,
      maker,
      computing,
      events,
      settings,
      models,
      userModels,
      speeds,
      metrics,
      media,
      exports,
      catalogue,
    };
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

/** Tells pages when models come, change and go, and once of each manifest that makes no sense. */
function tellOfModels(models: ModelLibrary, events: EventHub): () => void {
  const told = new Set<string>();
  const tellProblems = () => {
    for (const { message } of models.problems) if (!told.has(message)) events.notice(message);
    for (const { message } of models.problems) told.add(message);
  };
  tellProblems();
  return models.onChange(() => {
    events.models();
    tellProblems();
  });
}
