import { entryFile } from '../../shared/entry-file.ts';
import { asEnlargerError, EnlargerError } from '../../shared/errors.ts';
import { type SessionSpec, sessionKey } from '../../shared/plan.ts';
import { ThreadClient } from '../../threads/thread-rpc.ts';
import type { DeviceTrial, InferenceService } from './inference-service.ts';
import type { Runtime } from './providers.ts';
import { readChecked } from './read-checked.ts';
import type { Comparison } from './self-test.ts';
import { sessionShares } from './session-shares.ts';
import { TileMemory } from './tile-memory.ts';
import type { TileNetwork } from './tile-network.ts';
import type { TileOutcome, TileWork } from './tile-runner.ts';
import type { SessionLoad } from './warm-up.ts';

/** A session that every worker can have tiles computed with. */
export interface Resident {
  key: string;
  /** What loading and warming it up took. */
  milliseconds: number;
  /** All workers together. */
  bytes: number;
  /** Pixels of the largest tile that there may be memory for, where there was too little for the first one. */
  tilePixels?: number;
}

type Network = Omit<SessionLoad, 'spec' | 'model' | 'key'>;

/** The inference workers, and the sessions that each of them holds because main has said so. */
export class InferenceThreads {
  readonly #threads: ThreadClient<InferenceService>[];
  readonly #resident = new Map<string, Promise<Resident>>();
  readonly #loaded = new Map<string, Resident>();
  /** How many of the first workers hold each of them (session-shares.ts). */
  readonly #holders = new Map<string, number>();
  readonly #memory = new TileMemory();

  constructor(count: number) {
    const entry = entryFile(import.meta.url, './inference-worker.ts', 'inference-worker.js');
    this.#threads = Array.from(
      { length: count },
      (_, index) => new ThreadClient<InferenceService>(entry, `inference-${index}`),
    );
  }

  /** The sessions that tiles can be computed with now. */
  get resident(): readonly Resident[] {
    return [...this.#loaded.values()];
  }

  isResident(key: string): boolean {
    return this.#loaded.has(key);
  }

  /** Pixels of the largest tile that there may be memory for; undefined where none has been too large. */
  tilePixels(key: string): number | undefined {
    return this.#memory.limit(key);
  }

  /** Makes a session of `spec` resident in every worker that is to have it; at once if it is already. */
  load(spec: SessionSpec, network: Network): Promise<Resident> {
    const key = sessionKey(spec);
    let loading = this.#resident.get(key);
    if (!loading) {
      loading = this.#load(spec, key, network);
      this.#resident.set(key, loading);
      // A model that could not be loaded may be mended and tried again.
      loading.catch(() => this.#resident.delete(key));
    }
    return loading;
  }

  async unload(key: string): Promise<void> {
    // What is being loaded would be resident after all once that is done.
    await this.#resident.get(key)?.catch(() => {});
    this.#resident.delete(key);
    this.#loaded.delete(key);
    this.#memory.forget(key);
    this.#holders.delete(key);
    await Promise.all(this.#threads.map((thread) => thread.ask('unload', { key })));
  }

  /** Computes a tile in that worker, or in the one that has its session; in parts where memory is short. */
  run(worker: number, work: TileWork): Promise<TileOutcome> {
    const holders = this.#holders.get(work.session);
    const thread = this.#thread(holders === undefined ? worker : worker % holders);
    const compute = (part: TileWork) => thread.ask('run', part);
    // What is blended is put together in the worker, whatever it is computed in.
    return work.seams ? this.#memory.runDivided(work, compute) : this.#memory.run(work, compute);
  }

  /** Compares two sessions on a built-in picture, in the first worker (self-test.ts). */
  async compare(reference: SessionSpec, candidate: SessionSpec, network: TileNetwork): Promise<Comparison> {
    return this.#thread(0).ask('compare', {
      reference: { spec: reference, model: await readShared(reference) },
      candidate: { spec: candidate, model: await readShared(candidate) },
      network,
    });
  }

  /** The same, and whether the candidate's device computes all of it. */
  async tryDevice(
    reference: SessionSpec,
    candidate: SessionSpec,
    network: TileNetwork,
  ): Promise<DeviceTrial> {
    return this.#thread(0).ask('tryDevice', {
      reference: { spec: reference, model: await readShared(reference) },
      candidate: { spec: candidate, model: await readShared(candidate) },
      network,
    });
  }

  examineRuntime(): Promise<Runtime> {
    return this.#thread(0).ask('examineRuntime', {});
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }

  async #load(spec: SessionSpec, key: string, network: Network): Promise<Resident> {
    const model = await readShared(spec);
    const started = performance.now();
    const [first, ...others] = sessionShares(spec, this.#threads.length);
    const load = (share: SessionSpec, worker: number) =>
      this.#thread(worker)
        .ask('load', { key, spec: share, model, ...network })
        .catch(namingModel(spec));
    const loadAll = async () => {
      // The first worker alone, so that what a session takes is not measured several times over.
      const measured = await load(first ?? spec, 0);
      return [measured, ...(await Promise.all(others.map((share, index) => load(share, index + 1))))];
    };
    const warm = await loadAll().catch(async (error: unknown) => {
      // A worker that has died holds nothing any more.
      await Promise.allSettled(this.#threads.map((thread) => thread.ask('unload', { key })));
      throw error;
    });
    this.#holders.set(key, warm.length);
    for (const { tilePixels } of warm) if (tilePixels !== undefined) this.#memory.keep(key, tilePixels);
    const milliseconds = performance.now() - started;
    const tilePixels = this.#memory.limit(key);
    const resident = {
      ...{ key, milliseconds, bytes: (warm[0]?.bytes ?? 0) * warm.length },
      ...(tilePixels === undefined ? {} : { tilePixels }),
    };
    this.#loaded.set(key, resident);
    return resident;
  }

  #thread(worker: number): ThreadClient<InferenceService> {
    const thread = this.#threads[worker];
    if (!thread) throw new EnlargerError('internal', `There is no inference worker ${worker}.`);
    return thread;
  }
}

/** What a worker fails with over a model, naming the model: it may be the only one that is wrong. */
function namingModel({ file }: SessionSpec): (error: unknown) => never {
  return (error) => {
    const typed = asEnlargerError(error, 'inference-failed');
    if (typed.file !== undefined) throw typed;
    throw new EnlargerError(typed.code, `${file}: ${typed.message}`, { file, cause: typed });
  };
}

/** The bytes of a model in shared memory. Throws `model-invalid`. */
async function readShared(spec: SessionSpec): Promise<SharedArrayBuffer> {
  const bytes = await readChecked(spec);
  const shared = new SharedArrayBuffer(bytes.length);
  new Uint8Array(shared).set(bytes);
  return shared;
}
