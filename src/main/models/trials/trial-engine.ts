import { asEnlargerError, cancelledError, EnlargerError } from '../../../shared/errors.ts';
import { EngineClient } from '../../engine/engine-client.ts';
import type { EngineConnection } from '../../engine/engine-connection.ts';
import type { EngineHost, EngineLink } from '../../engine/engine-host.ts';
import { scratchFolder } from '../../installation.ts';

export interface Trial {
  host: EngineHost;
  /** What the model is called in errors. */
  file: string;
  /** Milliseconds after which it is given up, the start of the engine included. */
  limit: number;
  signal?: AbortSignal | undefined;
}

/** Bytes for pictures; those of a trial are small. */
const PICTURES = 256e6;

/**
 * An engine of a trial's own, started when it is first used, which ends with the trial: a network that nobody knows yet may
 * hang or crash the process that runs it, and that is to be no batch's.
 */
export class TrialEngine implements AsyncDisposable {
  readonly #trial: Trial;
  #link: EngineLink | undefined;
  #engine: EngineClient | undefined;

  constructor(trial: Trial) {
    this.#trial = trial;
  }

  /**
   * Does `work` with it. Throws `engine-died` if the engine died over it, `deadline-exceeded` beyond the limit, `cancelled`,
   * or what `work` throws.
   */
  async use<T>(work: (engine: EngineConnection) => Promise<T>): Promise<T> {
    const { file, limit, signal } = this.#trial;
    if (signal?.aborted) throw cancelledError();
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      kill();
    }, limit);
    const kill = () => this.#link?.kill();
    signal?.addEventListener('abort', kill);
    try {
      return await work(await this.#started());
    } catch (error) {
      if (signal?.aborted) throw cancelledError();
      if (late) throw tooSlow(file, limit);
      const death = this.#engine?.death;
      throw death ? deadly(file, death) : asEnlargerError(error, 'internal', { file });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', kill);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#engine?.stop();
    await this.#link?.exited;
  }

  async #started(): Promise<EngineClient> {
    if (this.#engine) return this.#engine;
    this.#link = this.#trial.host.start();
    this.#engine = await EngineClient.greet(this.#link, {
      workers: 1,
      queueDepth: 1,
      sequential: true,
      memoryBudget: PICTURES,
      scratch: scratchFolder(),
    });
    return this.#engine;
  }
}

function tooSlow(file: string, limit: number): EnlargerError {
  const reason = `did not answer within ${Math.round(limit / 60_000)} minutes on this machine`;
  return new EnlargerError('deadline-exceeded', `${file}: ${reason}. Choose a smaller model.`, { file });
}

function deadly(file: string, cause: EnlargerError): EnlargerError {
  const message = `${file}: the engine crashed over this model. Choose another model.`;
  return new EnlargerError('engine-died', message, { file, cause });
}
