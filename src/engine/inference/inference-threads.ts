import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { EnlargerError } from '../../shared/errors.ts';
import { type SessionSpec, sessionKey } from '../../shared/plan.ts';
import { ThreadClient, threadEntry } from '../threads/thread-rpc.ts';
import type { InferenceService } from './inference-service.ts';
import type { Runtime } from './providers.ts';
import type { Comparison } from './self-test.ts';
import type { TileOutcome, TileWork } from './tile-runner.ts';

interface Resident {
  key: string;
  loadMilliseconds: number;
}

/** The inference workers, and the sessions that each of them holds. */
export class InferenceThreads {
  readonly #threads: ThreadClient<InferenceService>[];
  readonly #resident = new Map<string, Promise<Resident>>();
  #loaded: Resident[] = [];

  constructor(count: number) {
    const entry = threadEntry(import.meta.url, './inference-worker.ts', 'inference-worker.js');
    this.#threads = Array.from(
      { length: count },
      (_, index) => new ThreadClient<InferenceService>(entry, `inference-${index}`),
    );
  }

  get count(): number {
    return this.#threads.length;
  }

  get resident(): readonly Resident[] {
    return this.#loaded;
  }

  /** Makes a session of `spec` resident in every worker; at once if it is already. */
  load(spec: SessionSpec): Promise<unknown> {
    const key = sessionKey(spec);
    let loading = this.#resident.get(key);
    if (!loading) {
      loading = this.#load(spec, key);
      this.#resident.set(key, loading);
      // A model that could not be loaded may be mended and tried again.
      loading.catch(() => this.#resident.delete(key));
    }
    return loading;
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

  async #load(spec: SessionSpec, key: string): Promise<Resident> {
    const model = await readChecked(spec);
    const times = await Promise.all(this.#threads.map((thread) => thread.ask('load', { spec, model })));
    const resident = { key, loadMilliseconds: Math.max(...times) };
    this.#loaded = [...this.#loaded, resident];
    return resident;
  }

  #thread(worker: number): ThreadClient<InferenceService> {
    const thread = this.#threads[worker];
    if (!thread) throw new EnlargerError('internal', `There is no inference worker ${worker}.`);
    return thread;
  }
}

/** The bytes of a model in shared memory; throws `model-invalid` unless their hash is the manifest's. */
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
  const shared = new SharedArrayBuffer(bytes.length);
  new Uint8Array(shared).set(bytes);
  return shared;
}
