import { rm } from 'node:fs/promises';
import {
  type EngineConfig,
  type EnhanceJob,
  type EnhanceResult,
  engineScratch,
  type JobProgress,
  type RequestInput,
  type RequestName,
  type RequestOutput,
} from '../../../shared/engine-protocol.ts';
import { asEnlargerError, EnlargerError } from '../../../shared/errors.ts';
import { EngineClient } from '../engine-client.ts';
import type { JobSize } from '../engine-connection.ts';
import type { EngineExit, EngineHost, EngineLink } from '../engine-host.ts';
import { deathError, describeDeath, type EngineDeath, stoppedError } from './engine-death.ts';
import { EngineWatch } from './engine-watch.ts';
import { JobWatch } from './job-watch.ts';
import { countOomKills } from './oom-kills.ts';
import { fileOf, isLimited } from './request-limits.ts';
import { RequestWatch } from './request-watch.ts';
import type { SupervisionLimits } from './supervision-limits.ts';

/** A picture of unknown size is given the time of a large one. */
const UNKNOWN_SIZE = 100e6;

interface GenerationOptions {
  /** Counted from 1. */
  number: number;
  host: EngineHost;
  config: EngineConfig;
  limits: SupervisionLimits;
  /** Not called any more once the engine is gone. */
  onProgress(jobs: JobProgress[]): void;
}

/** One engine under supervision, from its start to what is left of it. */
export class EngineGeneration {
  readonly number: number;
  /** Resolves as soon as the process is gone. */
  readonly exited: Promise<unknown>;
  /** Resolves with the reason once the process is gone and its scratch folder too. */
  readonly died: Promise<EngineDeath>;
  readonly #options: GenerationOptions;
  readonly #link: EngineLink;
  readonly #jobs: JobWatch;
  readonly #requests: RequestWatch;
  readonly #watch: EngineWatch;
  #client: EngineClient | undefined;
  #hung: string | undefined;
  #suspects: number | undefined;
  #refused: string | undefined;
  #ending = false;
  #over = false;

  /** Starts an engine. */
  constructor(options: GenerationOptions) {
    this.number = options.number;
    this.#options = options;
    this.#jobs = new JobWatch(options.limits.stageLimit);
    this.#requests = new RequestWatch(options.limits.requests);
    this.#watch = new EngineWatch(options.limits, [this.#jobs, this.#requests], (what) => {
      this.#hung = what;
      // What hangs is one of the requests: the files that move on beside them are not suspected.
      if (this.#requests.overdue(performance.now()) === what) this.#suspects = this.#requests.waiting;
      this.#link.kill();
    });
    const oomKillsBefore = countOomKills();
    this.#link = startLink(options.host);
    this.#watch.start();
    this.exited = this.#link.exited.then(() => {
      this.#over = true;
      this.#suspects ??= this.#requests.waiting + this.#jobs.size;
      this.#watch.stop();
    });
    this.died = this.#link.exited.then((exit) => this.#bury(exit, oomKillsBefore));
  }

  /** The engine's process; 0 until it has greeted. */
  get pid(): number {
    return this.#client?.pid ?? 0;
  }

  get hasGreeted(): boolean {
    return this.#client !== undefined;
  }

  get isOver(): boolean {
    return this.#over;
  }

  /** Requests and files that it had in work when it died, each of which may be the cause; 0 while it runs. */
  get suspects(): number {
    return this.#suspects ?? 0;
  }

  /** Resolves once the engine has greeted. Rejects, the engine ended, with what it answered or how it died. */
  async greet(): Promise<void> {
    try {
      this.#client = await EngineClient.greet(this.#link, this.#options.config, (what) => {
        this.#refused ??= what;
      });
    } catch (error) {
      const typed = asEnlargerError(error, 'internal');
      if (this.#ending) throw stoppedError();
      if (typed.code === 'engine-died') throw deathError(await this.died);
      this.#refused = typed.message;
      throw typed;
    }
    const client = this.#client;
    client.onProgress((jobs) => {
      if (this.#over) return;
      this.#jobs.progress(jobs, performance.now());
      this.#options.onProgress(jobs);
    });
    this.#watch.greeted(() => client.request('ping', {}));
  }

  async request<N extends RequestName>(name: N, input: RequestInput<N>): Promise<RequestOutput<N>> {
    const file = fileOf(name, input);
    const answered = isLimited(name) ? this.#requests.begin(name, file, performance.now()) : undefined;
    try {
      return await this.#ask((client) => client.request(name, input), file);
    } finally {
      answered?.(performance.now());
    }
  }

  async enhance(job: EnhanceJob, { sourcePixels = UNKNOWN_SIZE }: JobSize): Promise<EnhanceResult> {
    this.#jobs.begin(job.jobId, { sourcePixels, resultPixels: sourcePixels * job.plan.scale ** 2 });
    try {
      return await this.#ask((client) => client.enhance(job));
    } finally {
      this.#jobs.end(job.jobId, performance.now());
      this.#requests.startAnew(performance.now());
    }
  }

  /** Resolves when no later tile of these jobs can start: also because the engine is gone. */
  async cancel(jobIds: readonly number[]): Promise<void> {
    const client = this.#client;
    await client?.cancel(jobIds).acknowledged.catch((error: unknown) => {
      if (error !== client.death) throw error;
    });
  }

  /** Lets the engine clean up for as long as the limits say, then ends it. */
  async stop(): Promise<void> {
    this.#ending = true;
    this.#watch.stopping();
    if (this.#client) await this.#client.stop();
    else this.#link.kill();
    await this.died;
  }

  kill(): void {
    this.#ending = true;
    this.#link.kill();
  }

  async #ask<T>(question: (client: EngineClient) => Promise<T>, file?: string): Promise<T> {
    const client = this.#client;
    if (!client) throw new EnlargerError('internal', 'The engine was asked before it had greeted.');
    try {
      return await question(client);
    } catch (error) {
      if (error !== client.death) throw error;
      const death = await this.died;
      throw this.#ending ? stoppedError() : deathError(death, file);
    }
  }

  async #bury(exit: EngineExit, oomKillsBefore: Promise<number | undefined>): Promise<EngineDeath> {
    const [before, after] = await Promise.all([oomKillsBefore, countOomKills()]);
    const { config, number } = this.#options;
    if (this.pid) {
      await rm(engineScratch(config.scratch, this.pid), { recursive: true, force: true }).catch(() => {});
    }
    return describeDeath(number, exit, {
      hung: this.#hung,
      refused: this.#refused,
      oomKilled: before !== undefined && after !== undefined && after > before,
    });
  }
}

/** The system may refuse another process when memory is short, just when an engine was lost to that. */
function startLink(host: EngineHost): EngineLink {
  try {
    return host.start();
  } catch {
    const exited = Promise.resolve({ code: null, signal: null });
    return { send: () => {}, onMessage: () => {}, exited, kill: () => {} };
  }
}
