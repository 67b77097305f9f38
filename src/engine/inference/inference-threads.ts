import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { entryFile } from '../../shared/entry-file.ts';
import { asEnlargerError, EnlargerError } from '../../shared/errors.ts';
import { type SessionSpec, sessionKey } from '../../shared/plan.ts';
import { ThreadClient } from '../../threads/thread-rpc.ts';
import type { InferenceService } from './inference-service.ts';
import { inspectModel } from './inspect-model.ts';
import type { Runtime } from './providers.ts';
import type { Comparison } from './self-test.ts';
import type { TileOutcome, TileWork } from './tile-runner.ts';
import type { SessionLoad } from './warm-up.ts';

/** A session that every worker holds. */
export interface Resident {
  key: string;
  /** What loading and warming it up took. */
  milliseconds: number;
  /** All workers together. */
  bytes: number;
}

type Network = Omit<SessionLoad, 'spec' | 'model'>;

/** The inference workers, and the sessions that each of them holds because main has said so. */
export class InferenceThreads {
  readonly #threads: ThreadClient<InferenceService>[];
  readonly #resident = new Map<string, Promise<Resident>>();
  readonly #loaded = new Map<string, Resident>();

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

  /** Makes a session of `spec` resident in every worker; at once if it is already. */
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
    await Promise.all(this.#threads.map((thread) => thread.ask('unload', { key })));
  }

  run(worker: number, work: TileWork): Promise<TileOutcome> {
    return this.#thread(worker).ask('run', work);
  }

  /** Compares two sessions on a built-in picture, in the first worker (self-test.ts). */
  async compare(
    reference: SessionSpec,
    candidate: SessionSpec,
    network: { scale: number; radius: number },
  ): Promise<Comparison> {
    return this.#thread(0).ask('compare', {
      reference: { spec: reference, model: await readChecked(reference) },
      candidate: { spec: candidate, model: await readChecked(candidate) },
      network,
    });
  }

  /** Which execution providers work here; `spec` lends its model for trying them. */
  async examineRuntime(spec: SessionSpec): Promise<Runtime> {
    return this.#thread(0).ask('examineRuntime', { model: await readChecked(spec) });
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }

  async #load(spec: SessionSpec, key: string, network: Network): Promise<Resident> {
    const model = await readChecked(spec);
    const started = performance.now();
    // The first worker alone, so that what a session takes is not measured several times over.
    const load = (thread: ThreadClient<InferenceService>) =>
      thread.ask('load', { spec, model, ...network }).catch(namingModel(spec));
    const { bytes } = await load(this.#thread(0));
    await Promise.all(this.#threads.slice(1).map(load));
    const milliseconds = performance.now() - started;
    const resident = { key, milliseconds, bytes: bytes * this.#threads.length };
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

/**
 * The bytes of a model in shared memory; throws `model-invalid` unless their hash is the manifest's and they may
 * be given to ONNX Runtime (inspect-model.ts).
 */
async function readChecked(spec: SessionSpec): Promise<SharedArrayBuffer> {
  const bytes = await readFile(spec.file).catch((error: unknown) => {
    throw new EnlargerError(
      'model-invalid',
      `${spec.file}: the model cannot be read. Install Enlarger again.`,
      {
        file: spec.file,
        cause: error,
      },
    );
  });
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== spec.sha256) {
    throw new EnlargerError(
      'model-invalid',
      `${spec.file}: does not have the hash that its manifest states (${spec.sha256.slice(0, 12)}…, ` +
        `found ${found.slice(0, 12)}…). The file was changed or damaged; install the model again.`,
      { file: spec.file },
    );
  }
  inspectModel(bytes, spec.file);
  const shared = new SharedArrayBuffer(bytes.length);
  new Uint8Array(shared).set(bytes);
  return shared;
}
