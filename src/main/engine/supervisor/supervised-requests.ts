import type { RequestInput, RequestName, RequestOutput } from '../../../shared/engine-protocol.ts';
import { deathOf, isOwnDeath } from './engine-death.ts';
import { isLimited } from './request-limits.ts';
import type { RequestTurns } from './request-turns.ts';

/** One engine, as requests need it. */
interface AskedEngine {
  request<N extends RequestName>(name: N, input: RequestInput<N>): Promise<RequestOutput<N>>;
  /** How much it had in work when it died, this request included. */
  readonly suspects: number;
}

interface Options {
  /** Resolves with the engine that may be asked now. */
  ready(): Promise<AskedEngine>;
  turns: RequestTurns;
  /** A picture that engines die over has been found out, and will not be asked about again. */
  onFoundOut(): void;
}

/** How often a request is asked again at most whose engines were ended by somebody else. */
const ASKED_AGAIN = 2;

/**
 * The requests of a supervisor. When an engine dies over one of several, each of them is asked once more, alone: over which
 * the next dies as well, that one fails with `engine-died`, and the others get their answers.
 */
export class SupervisedRequests {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  async ask<N extends RequestName>(name: N, input: RequestInput<N>): Promise<RequestOutput<N>> {
    const { ready, turns, onFoundOut } = this.#options;
    if (!isLimited(name)) return (await ready()).request(name, input);
    let engine: AskedEngine | undefined;
    const ask = async () => {
      engine = await ready();
      return engine.request(name, input);
    };
    for (let again = 0; ; again++) {
      try {
        return await (again === 0 ? turns.share(ask) : turns.alone(ask));
      } catch (error) {
        const blame = blameOf(error, name, engine);
        if (blame === 'found out' && name === 'probe') onFoundOut();
        const most = blame === 'suspected' ? 1 : blame === 'innocent' ? ASKED_AGAIN : 0;
        if (again >= most) throw error;
      }
    }
  }
}

/** What `error` says about the request it came of; undefined if that is not to be asked again in any case. */
function blameOf(
  error: unknown,
  name: RequestName,
  engine: AskedEngine | undefined,
): 'found out' | 'suspected' | 'innocent' | undefined {
  const death = deathOf(error);
  // The sessions of a dead engine are gone, and the next one's are not meant.
  if (!death || !engine || name === 'unloadSession') return undefined;
  // What loads or measures models is for its caller to repeat: the next engine is not the same.
  const looksAtPicture = name === 'probe' || name === 'preview';
  if (death.cause !== 'hung' && !looksAtPicture) return undefined;
  if (!isOwnDeath(death)) return 'innocent';
  return engine.suspects === 1 ? 'found out' : 'suspected';
}
