import { setTimeout } from 'node:timers/promises';
import type {
  EngineConfig,
  EnhanceJob,
  EnhanceResult,
  JobProgress,
  RequestInput,
  RequestName,
  RequestOutput,
} from '../../../shared/engine-protocol.ts';
import { EnlargerError } from '../../../shared/errors.ts';
import type { Cancellation, EngineConnection, JobSize } from '../engine-connection.ts';
import type { EngineHost } from '../engine-host.ts';
import { type EngineDeath, stoppedError, unavailableError } from './engine-death.ts';
import { EngineGeneration } from './engine-generation.ts';
import type { EngineState, GenerationListener } from './engine-state.ts';
import { RequestTurns } from './request-turns.ts';
import { RestartPolicy } from './restart-policy.ts';
import { SupervisedJobs } from './supervised-jobs.ts';
import { SupervisedRequests } from './supervised-requests.ts';
import { DEFAULT_LIMITS, type SupervisionLimits } from './supervision-limits.ts';

/**
 * Keeps an engine running: one at a time, replaced when it died, hung or was killed. To its users it is an engine
 * that is sometimes slow to answer: what is asked while there is none waits for the next. What an engine had
 * in work when it died fails with `engine-died`, and `deathOf` tells how. When no engine stays alive it is
 * `broken`, and everything fails with `engine-unavailable` until `reset`.
 */
export class EngineSupervisor implements EngineConnection {
  readonly #host: EngineHost;
  readonly #config: EngineConfig;
  readonly #limits: SupervisionLimits;
  readonly #policy: RestartPolicy;
  readonly #turns = new RequestTurns();
  readonly #jobs = new SupervisedJobs(this.#turns);
  readonly #requests = new SupervisedRequests({
    ready: () => this.#ready.promise,
    turns: this.#turns,
    // A folder full of such pictures is no engine that fails.
    onFoundOut: () => this.finished(),
  });
  readonly #stopped = new AbortController();
  readonly #progressListeners = new Set<(jobs: JobProgress[]) => void>();
  readonly #stateListeners = new Set<(state: EngineState) => void>();
  readonly #generationListeners = new Set<GenerationListener>();
  #state: EngineState = { state: 'starting', generation: 0 };
  #latest: EngineGeneration | undefined;
  /** Resolves with the engine that may be used; a new one after each death. */
  #ready = gate();
  #running: Promise<void> | undefined;

  constructor(host: EngineHost, config: EngineConfig, limits: Partial<SupervisionLimits> = {}) {
    this.#host = host;
    this.#config = config;
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
    this.#policy = new RestartPolicy(this.#limits);
  }

  /** Starts the first engine; resolves when it is ready. Rejects with `engine-unavailable` or `stopped`. */
  async start(): Promise<void> {
    this.#running ??= this.#run();
    await this.#ready.promise;
  }

  get pid(): number {
    return this.#latest && !this.#latest.isOver ? this.#latest.pid : 0;
  }

  get state(): EngineState {
    return this.#state;
  }

  request<N extends RequestName>(name: N, input: RequestInput<N>): Promise<RequestOutput<N>> {
    return this.#requests.ask(name, input);
  }

  async enhance(job: EnhanceJob, size: JobSize = {}): Promise<EnhanceResult> {
    const ready = () => this.#ready.promise;
    const result = await this.#jobs.run(job.jobId, ready, (engine) => engine.enhance(job, size));
    this.finished();
    return result;
  }

  cancel(jobIds: readonly number[] = this.#jobs.ids): Cancellation {
    const ended = this.#jobs.cancel(jobIds);
    const acknowledged = this.#latest?.cancel(jobIds) ?? Promise.resolve();
    return {
      acknowledged,
      whenCleaned: async () => {
        await Promise.allSettled([acknowledged, ...ended]);
      },
    };
  }

  onProgress(listener: (jobs: JobProgress[]) => void): () => void {
    return listening(this.#progressListeners, listener);
  }

  /** Calls `listener` with every change of state; returns what ends that. */
  onState(listener: (state: EngineState) => void): () => void {
    return listening(this.#stateListeners, listener);
  }

  /** Calls `listener` with every engine that has greeted, and waits for it; returns what ends that. */
  onGeneration(listener: GenerationListener): () => void {
    return listening(this.#generationListeners, listener);
  }

  /** A file is dealt with, done or given up for good: earlier deaths no longer count. */
  finished(): void {
    this.#policy.finished();
  }

  /** Tries again after `broken`; does nothing in other states. */
  reset(): void {
    if (this.#state.state !== 'broken') return;
    this.#policy.reset();
    this.#ready = gate();
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#end();
    await this.#latest?.stop();
    await this.#running;
  }

  kill(): void {
    this.#end();
    this.#latest?.kill();
  }

  async #run(): Promise<void> {
    let death: EngineDeath | undefined;
    while (!this.#stopped.signal.aborted) {
      const generation = new EngineGeneration({
        number: this.#state.generation + 1,
        host: this.#host,
        config: this.#config,
        limits: this.#limits,
        onProgress: (jobs) => {
          for (const listener of this.#progressListeners) listener(jobs);
        },
      });
      this.#latest = generation;
      this.#tell(death ? 'restarting' : 'starting', generation.number, death);
      const refusal = await this.#open(generation, death);
      await generation.exited;
      if (this.#state.state === 'ready' && !this.#stopped.signal.aborted) this.#ready = gate();
      death = await generation.died;
      if (this.#stopped.signal.aborted) return;
      const wait = this.#policy.died(generation.hasGreeted);
      // Another version of the engine will be another version next time.
      if (wait === undefined || refusal?.code === 'protocol-mismatch') {
        this.#break(death, refusal);
        return;
      }
      this.#tell('restarting', generation.number, death);
      await setTimeout(wait, undefined, { signal: this.#stopped.signal }).catch(() => {});
    }
  }

  /** Lets everybody use the engine once it has greeted and is prepared; returns why it refused to start. */
  async #open(generation: EngineGeneration, death?: EngineDeath): Promise<EnlargerError | undefined> {
    try {
      await generation.greet();
    } catch (error) {
      return error instanceof EnlargerError && error.code !== 'engine-died' ? error : undefined;
    }
    this.#policy.started();
    const prepare = async (listener: GenerationListener) => listener(generation.number, generation);
    await Promise.allSettled([...this.#generationListeners].map(prepare));
    if (generation.isOver || this.#stopped.signal.aborted) return undefined;
    this.#tell('ready', generation.number, death);
    this.#ready.resolve(generation);
    return undefined;
  }

  #break(death: EngineDeath, refusal: EnlargerError | undefined): void {
    this.#ready.reject(unavailableError(death, refusal));
    this.#tell('broken', death.generation, death);
  }

  #end(): void {
    if (this.#stopped.signal.aborted) return;
    this.#stopped.abort();
    this.#ready.reject(stoppedError());
    this.#ready = gate();
    this.#ready.reject(stoppedError());
    this.#tell('stopped', this.#state.generation);
  }

  #tell(state: EngineState['state'], generation: number, death?: EngineDeath): void {
    this.#state = { state, generation, ...(death ? { death } : {}) };
    for (const listener of this.#stateListeners) listener(this.#state);
  }
}

function listening<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function gate(): PromiseWithResolvers<EngineGeneration> {
  const resolvers = Promise.withResolvers<EngineGeneration>();
  // That nobody waits is no mistake.
  resolvers.promise.catch(() => {});
  return resolvers;
}
