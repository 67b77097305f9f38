import type { RequestInput, RequestOutput } from '../../shared/engine-protocol.ts';
import type { Plan, SessionSpec } from '../../shared/plan.ts';
import { sessionKey } from '../../shared/plan.ts';
import { chooseEvictions, type Evictable, type EvictionPolicy } from './choose-evictions.ts';

/** The engine as residency needs it; `EngineClient` is one. */
export interface SessionEngine {
  request(name: 'loadSession', input: RequestInput<'loadSession'>): Promise<RequestOutput<'loadSession'>>;
  request(
    name: 'unloadSession',
    input: RequestInput<'unloadSession'>,
  ): Promise<RequestOutput<'unloadSession'>>;
}

interface Session extends Evictable {
  loading: Promise<unknown>;
}

/** Holds a session resident until it is disposed of. */
export type SessionReference = Disposable;

/**
 * Which sessions are resident, decided here and obeyed by the engine: each is loaded once however many ask,
 * stays while it is referenced, and is let go when idle or least recently used beyond the budget. Sessions
 * are told apart by model, variant, provider and options; each is charged what the engine measured, all
 * workers together.
 */
export class SessionResidency {
  readonly #engine: SessionEngine;
  readonly #policy: EvictionPolicy;
  readonly #now: () => number;
  readonly #sessions = new Map<string, Session>();
  #timer: NodeJS.Timeout | undefined;

  constructor(engine: SessionEngine, policy: EvictionPolicy, now = () => performance.now()) {
    this.#engine = engine;
    this.#policy = policy;
    this.#now = now;
  }

  /** Resolves once the session of `spec` is resident, warmed up for the tiles of `plan`. */
  async acquire(spec: SessionSpec, plan: Plan): Promise<SessionReference> {
    const key = sessionKey(spec);
    const session = this.#sessions.get(key) ?? this.#load(key, spec, plan);
    session.references += 1;
    try {
      await session.loading;
    } catch (error) {
      session.references -= 1;
      throw error;
    }
    let held = true;
    return {
      [Symbol.dispose]: () => {
        if (!held) return;
        held = false;
        session.references -= 1;
        session.lastUsed = this.#now();
        this.#evict();
      },
    };
  }

  /** The resident sessions, for the dashboard and for tests. */
  get sessions(): readonly Evictable[] {
    return [...this.#sessions.values()].map(({ key, bytes, references, lastUsed }) => ({
      key,
      bytes,
      references,
      lastUsed,
    }));
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #load(key: string, session: SessionSpec, { tile, scale, receptiveRadius }: Plan): Session {
    const loading = this.#engine
      .request('loadSession', { session, tile, scale, receptiveRadius })
      .then(({ bytes }) => {
        entry.bytes = bytes;
        this.#evict();
      });
    const entry: Session = { key, bytes: 0, references: 0, lastUsed: this.#now(), loading };
    loading.catch(() => this.#sessions.delete(key));
    this.#sessions.set(key, entry);
    return entry;
  }

  #evict(): void {
    for (const key of chooseEvictions(this.sessions, this.#policy, this.#now())) {
      this.#sessions.delete(key);
      // A dead engine holds no sessions: there is nothing left to let go.
      void this.#engine.request('unloadSession', { key }).catch(() => {});
    }
    clearTimeout(this.#timer);
    if (this.sessions.some(({ references }) => references === 0)) {
      this.#timer = setTimeout(() => this.#evict(), this.#policy.idleMs);
      this.#timer.unref();
    }
  }
}
