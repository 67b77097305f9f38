import type { RequestInput, RequestOutput } from '../../../shared/engine-protocol.ts';
import type { Plan, SessionSpec } from '../../../shared/plan.ts';
import { networkUseOf, sessionKey } from '../../../shared/plan.ts';
import { chooseEvictions, type Evictable, type EvictionPolicy } from './choose-evictions.ts';

/** Makes sessions resident, and lets them go. */
interface SessionHolder {
  request(name: 'loadSession', input: RequestInput<'loadSession'>): Promise<RequestOutput<'loadSession'>>;
  request(
    name: 'unloadSession',
    input: RequestInput<'unloadSession'>,
  ): Promise<RequestOutput<'unloadSession'>>;
}

/** The engine as residency needs it; `EngineClient` is one, and so is `EngineSupervisor`. */
interface SessionEngine extends SessionHolder {
  /** Calls `listener` with every new engine, before it has to do anything else. */
  onGeneration?(listener: (generation: number, engine: SessionHolder) => Promise<void>): () => void;
}

interface Session extends Evictable {
  spec: SessionSpec;
  plan: Plan;
  loading: Promise<unknown>;
  resident: boolean;
}

/** Holds a session resident until it is disposed of. */
export type SessionReference = Disposable;

/**
 * Which sessions are resident, decided here and obeyed by the engine: each is loaded once however many ask,
 * stays while it is referenced, and is let go when idle or least recently used beyond the budget. Sessions
 * are told apart by model, variant, provider and options; each is charged what the engine measured, all
 * workers together.
 *
 * A new engine holds none: those that are referenced are loaded into it before it gets work, the others are
 * forgotten until somebody asks.
 */
export class SessionResidency {
  readonly #engine: SessionEngine;
  readonly #policy: EvictionPolicy;
  readonly #now: () => number;
  readonly #sessions = new Map<string, Session>();
  readonly #stopListening: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(engine: SessionEngine, policy: EvictionPolicy, now = () => performance.now()) {
    this.#engine = engine;
    this.#policy = policy;
    this.#now = now;
    this.#stopListening = engine.onGeneration?.((_, next) => this.#moveTo(next));
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
    this.#stopListening?.();
  }

  #load(key: string, spec: SessionSpec, plan: Plan): Session {
    const session: Session = {
      key,
      spec,
      plan,
      bytes: 0,
      references: 0,
      lastUsed: this.#now(),
      loading: Promise.resolve(),
      resident: false,
    };
    this.#sessions.set(key, session);
    session.loading = this.#loadInto(this.#engine, session);
    return session;
  }

  /** Rejects, the session forgotten, if it cannot be loaded. */
  async #loadInto(engine: SessionHolder, session: Session): Promise<void> {
    const { key, spec, plan } = session;
    session.resident = false;
    try {
      const { bytes } = await engine.request('loadSession', {
        session: spec,
        tile: plan.tile,
        ...networkUseOf(plan),
      });
      session.bytes = bytes;
      session.resident = true;
    } catch (error) {
      if (this.#sessions.get(key) === session) this.#sessions.delete(key);
      throw error;
    }
    this.#evict();
  }

  async #moveTo(engine: SessionHolder): Promise<void> {
    const reloaded: Promise<unknown>[] = [];
    for (const session of this.#sessions.values()) {
      // What is being loaded has been asked for while there was no engine, and will be answered by this one.
      if (!session.resident) continue;
      if (session.references === 0) {
        this.#sessions.delete(session.key);
        continue;
      }
      session.loading = this.#loadInto(engine, session);
      reloaded.push(session.loading);
    }
    await Promise.allSettled(reloaded);
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
