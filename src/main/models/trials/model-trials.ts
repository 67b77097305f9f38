import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ModelFindings } from '../../../shared/probing.ts';
import type { EngineHost } from '../../engine/engine-host.ts';
import type { RegisteredModel } from '../model-registry.ts';
import { withName } from '../store/store-failure.ts';
import { TrialEngine } from './trial-engine.ts';
import { tryModel } from './try-model.ts';

/** Milliseconds that one examination or trial may take. */
const LIMIT = 10 * 60_000;

/** Findings that are kept for who first asks what a file is, and then adds it. */
const MOST_FINDINGS = 16;

/** A file or model, as a trial needs it. */
export interface Tried {
  /** What it is called to its user. */
  name: string;
  /** Folder for what is left of it. */
  room: string;
  signal?: AbortSignal | undefined;
}

/** An ONNX file, and the folder of others that it may keep weights in. */
interface Examined {
  path: string;
  folder?: string | undefined;
}

/** Runs networks that nobody knows yet. */
export class ModelTrials {
  readonly #host: EngineHost;
  readonly #limit: number;
  /** By the SHA-256 and the name of the file; weights in other files show in what it is converted to. */
  readonly #findings = new Map<string, ModelFindings>();

  constructor(host: EngineHost, limit = LIMIT) {
    this.#host = host;
    this.#limit = limit;
  }

  /** One network is tried in one engine, which ends with the trial. */
  begin(tried: Tried): ModelTrial {
    const { name, signal } = tried;
    const engine = new TrialEngine({ host: this.#host, file: name, limit: this.#limit, signal });
    return new ModelTrial(engine, tried, this.#findings);
  }
}

export class ModelTrial implements AsyncDisposable {
  readonly #engine: TrialEngine;
  readonly #tried: Tried;
  readonly #findings: Map<string, ModelFindings>;

  constructor(engine: TrialEngine, tried: Tried, findings: Map<string, ModelFindings>) {
    this.#engine = engine;
    this.#tried = tried;
    this.#findings = findings;
  }

  /** Where a converted file is written. */
  get converted(): string {
    return join(this.#tried.room, 'converted.onnx');
  }

  /**
   * What an ONNX file is. Where it had to be converted, or its weights to be put inside, that file is at `converted`. What was
   * found out before is not found out again. Throws `model-invalid`, with all reasons, for what is no network for pictures.
   */
  async examine(file: Examined, sha256: string): Promise<ModelFindings> {
    const key = `${sha256}/${basename(this.#tried.name)}`;
    const known = this.#findings.get(key);
    if (known && (!known.converted || (await this.#convert(file, known)))) return known;
    const findings = await this.#ask(file);
    const [oldest] = this.#findings.keys();
    if (this.#findings.size >= MOST_FINDINGS && oldest !== undefined) this.#findings.delete(oldest);
    this.#findings.set(key, findings);
    return findings;
  }

  /** Enlarges small pictures with `model`, and tries its own tile if that is in question. Throws what that fails of. */
  async run(model: RegisteredModel, ownTile: boolean): Promise<void> {
    const { room, name } = this.#tried;
    await this.#engine
      .use((engine) => tryModel(model, engine, { room, ownTile }))
      .catch((error: unknown) => {
        throw withName(error, model.folder, name);
      });
  }

  /** Writes the converted file again; false if it has become another than the one that is known. */
  async #convert(file: Examined, known: ModelFindings): Promise<boolean> {
    const { converted } = await this.#ask(file, known);
    if (converted?.sha256 === known.converted?.sha256) return true;
    await rm(this.converted, { force: true });
    return false;
  }

  #ask({ path, folder }: Examined, known?: ModelFindings): Promise<ModelFindings> {
    const { name } = this.#tried;
    const asked = { file: path, name, folder, temporary: this.converted, ...(known ? { known } : {}) };
    return this.#engine
      .use((engine) => engine.request('examineModel', asked))
      .catch((error: unknown) => {
        throw withName(error, path, name);
      });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#engine[Symbol.asyncDispose]();
  }
}
