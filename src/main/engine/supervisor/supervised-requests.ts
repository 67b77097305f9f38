import type { RequestInput, RequestName, RequestOutput } from '../../../shared/engine-protocol.ts';
import { isLimited } from './request-limits.ts';
import { RequestTurns } from './request-turns.ts';

/** One engine, as requests need it. */
interface AskedEngine {
  request<N extends RequestName>(name: N, input: RequestInput<N>): Promise<RequestOutput<N>>;
  /** How many requests were without an answer when it hung over one of them. */
  readonly suspects: number;
}

interface Options {
  /** Resolves with the engine that may be asked now. */
  ready(): Promise<AskedEngine>;
  /** A picture that hangs engines has been found out, and will not be asked about again. */
  onFoundOut(): void;
}

/**
 * The requests of a supervisor. When an engine hangs over one of several, each of them is asked once more, alone:
 * which hangs again fails with `engine-died`, and the others get their answers.
 */
export class SupervisedRequests {
  readonly #options: Options;
  readonly #turns = new RequestTurns();

  constructor(options: Options) {
    this.#options = options;
  }

  async ask<N extends RequestName>(name: N, input: RequestInput<N>): Promise<RequestOutput<N>> {
    const { ready, onFoundOut } = this.#options;
    if (!isLimited(name)) return (await ready()).request(name, input);
    let engine: AskedEngine | undefined;
    const ask = async () => {
      engine = await ready();
      return engine.request(name, input);
    };
    const askAgain = (error: unknown) => {
      // The sessions of a dead engine are gone, and the next one's are not meant.
      if (name === 'unloadSession' || !engine || engine.suspects < 2) throw error;
      return this.#turns.alone(ask);
    };
    try {
      return await this.#turns.share(ask).catch(askAgain);
    } catch (error) {
      if (name === 'probe' && engine?.suspects === 1) onFoundOut();
      throw error;
    }
  }
}
