import { rm } from 'node:fs/promises';
import { totalmem } from 'node:os';
import {
  ENGINE_PROTOCOL_VERSION,
  type EngineConfig,
  type EngineReport,
  type EnhanceJob,
  type EnhanceResult,
  engineScratch,
  type JobProgress,
  type RequestInput,
  type RequestOutput,
} from '../shared/engine-protocol.ts';
import { entryFile } from '../shared/entry-file.ts';
import { ThreadClient } from '../threads/thread-rpc.ts';
import { type ActiveJob, ActiveJobs } from './active-jobs.ts';
import { ImageBufferPool } from './buffers/image-buffer-pool.ts';
import { poolShape } from './buffers/pool-shape.ts';
import type { CodecService } from './codec/codec-service.ts';
import { InferenceThreads } from './inference/inference-threads.ts';
import { tileNetworkOf } from './inference/tile-network.ts';
import type { TileWork } from './inference/tile-runner.ts';
import { controlLoad } from './load-control.ts';
import { DeterministicPipeline } from './pipeline/deterministic-pipeline.ts';
import { type Stage, stages } from './pipeline/stage.ts';
import { examineOnThread } from './probing/probing-thread.ts';
import { ProgressReporter } from './progress.ts';
import { makeHalfOnThread, quantiseOnThread } from './quantisation/quantisation-thread.ts';
import { TileScheduler } from './scheduling/tile-scheduler.ts';
import { prepareScratch } from './scratch.ts';
import { decodeStage } from './stages/decode-stage.ts';
import { encodeStage } from './stages/encode-stage.ts';
import { enhanceStage } from './stages/enhance-stage.ts';
import type { JobContext, VerifiedFrame } from './stages/frames.ts';
import { verifyStage } from './stages/verify-stage.ts';
import { type ViewedJob, Viewer } from './viewing/viewer.ts';

export type AroundStage = <In, Out>(stage: Stage<In, Out>) => Stage<In, Out>;

/** Two tiles a worker: while one is computed the next lies ready, whatever the coordinator is doing. */
const TILES_AHEAD = 2;

/**
 * The coordinator: puts pool, workers and pipeline together and does what main asks, one method a request.
 * Its thread computes nothing itself, so that it answers at once.
 */
export class Engine {
  readonly #scratch: string;
  readonly #codec: ThreadClient<CodecService>;
  readonly #threads: InferenceThreads;
  readonly #pool: ImageBufferPool;
  readonly #scheduler: TileScheduler<TileWork>;
  readonly #pipeline: DeterministicPipeline<JobContext, VerifiedFrame>;
  readonly #progress: ProgressReporter;
  readonly #load: Disposable;
  readonly #jobs = new ActiveJobs();
  readonly #viewer: Viewer;

  private constructor(config: EngineConfig, onProgress: (jobs: JobProgress[]) => void, around: AroundStage) {
    this.#scratch = engineScratch(config.scratch, process.pid);
    const codecEntry = entryFile(import.meta.url, './codec/codec-worker.ts', 'codec-worker.js');
    this.#codec = new ThreadClient(codecEntry, 'codec');
    this.#threads = new InferenceThreads(config.workers);
    this.#pool = new ImageBufferPool(poolShape(config.memoryBudget));
    this.#scheduler = new TileScheduler<TileWork>({
      workers: Array.from({ length: config.workers }, (_, id) => ({
        id,
        run: async (tile) => {
          await this.#threads.run(id, tile.payload);
        },
      })),
      depth: TILES_AHEAD,
      minConcurrency: 1,
      maxConcurrency: config.workers,
    });
    this.#pipeline = new DeterministicPipeline({
      stages: stages(around(decodeStage(this.#codec, { pool: this.#pool, scratch: this.#scratch })))
        .stage(around(enhanceStage(this.#codec, this.#threads, this.#scheduler)))
        .stage(around(encodeStage(this.#codec)))
        .stage(around(verifyStage(this.#codec))),
      queueDepth: config.queueDepth,
      sequential: config.sequential,
    });
    this.#viewer = new Viewer(this.#scratch);
    this.#progress = new ProgressReporter(onProgress);
    this.#load = controlLoad(
      {
        tilesCompleted: () => this.#scheduler.stats().completed,
        tilesQueued: () => this.#scheduler.stats().queued,
        memoryPressure: machinePressure,
        setConcurrency: (workers) => this.#scheduler.setConcurrency(workers),
      },
      { min: 1, max: config.workers },
    );
  }

  /** `around` may put something around every stage: tests put delays there, to show that they change nothing. */
  static async start(
    config: EngineConfig,
    onProgress: (jobs: JobProgress[]) => void,
    around: AroundStage = (stage) => stage,
  ): Promise<Engine> {
    const engine = new Engine(config, onProgress, around);
    await prepareScratch(config.scratch, engine.#scratch);
    return engine;
  }

  get scratch(): string {
    return this.#scratch;
  }

  greeting(): RequestOutput<'configure'> {
    return {
      protocol: ENGINE_PROTOCOL_VERSION,
      pid: process.pid,
      node: process.versions.node,
    };
  }

  probe({ source }: RequestInput<'probe'>): Promise<RequestOutput<'probe'>> {
    return this.#codec.ask('probe', { source });
  }

  preview(input: RequestInput<'preview'>): Promise<RequestOutput<'preview'>> {
    return this.#codec.ask('preview', input);
  }

  square(input: RequestInput<'square'>): Promise<RequestOutput<'square'>> {
    return this.#viewer.square(input);
  }

  resultSquare(input: RequestInput<'resultSquare'>): Promise<RequestOutput<'resultSquare'>> {
    return this.#viewer.resultSquare(input);
  }

  async look(input: RequestInput<'look'>): Promise<RequestOutput<'look'>> {
    this.#viewer.look(input);
    return {};
  }

  async loadSession(input: RequestInput<'loadSession'>): Promise<RequestOutput<'loadSession'>> {
    return this.#threads.load(input.session, { tile: input.tile, ...tileNetworkOf(input) });
  }

  async unloadSession({ key }: RequestInput<'unloadSession'>): Promise<RequestOutput<'unloadSession'>> {
    await this.#threads.unload(key);
    return {};
  }

  async enhance(job: EnhanceJob): Promise<EnhanceResult> {
    using active = this.#jobs.begin(job);
    using viewed = this.#viewer.begin(job.jobId, job.plan.scale);
    try {
      const { signal } = active;
      const ticket = await this.#pipeline.submit(this.#contextOf(job, active, viewed), { signal });
      const [result] = await Promise.allSettled([ticket.result, ticket.cleaned]);
      if (result.status === 'rejected') throw result.reason;
      return result.value.result;
    } finally {
      this.#progress.end(job.jobId);
    }
  }

  async cancel({ jobIds }: RequestInput<'cancel'>): Promise<RequestOutput<'cancel'>> {
    this.#jobs.cancel(jobIds);
    return {};
  }

  compare({ reference, candidate, ...use }: RequestInput<'compare'>) {
    return this.#threads.compare(reference, candidate, tileNetworkOf(use));
  }

  async quantise(input: RequestInput<'quantise'>): Promise<RequestOutput<'quantise'>> {
    const { jobId } = input;
    try {
      return await quantiseOnThread(input, this.#scratch, (stage, done, total) =>
        this.#progress.report(jobId, stage, done, total, 0),
      );
    } finally {
      this.#progress.end(jobId);
    }
  }

  makeHalf(input: RequestInput<'makeHalf'>): Promise<RequestOutput<'makeHalf'>> {
    return makeHalfOnThread(input);
  }

  examineRuntime(): Promise<RequestOutput<'examineRuntime'>> {
    return this.#threads.examineRuntime();
  }

  tryDevice({
    reference,
    candidate,
    ...use
  }: RequestInput<'tryDevice'>): Promise<RequestOutput<'tryDevice'>> {
    return this.#threads.tryDevice(reference, candidate, tileNetworkOf(use));
  }

  async report(): Promise<EngineReport> {
    const { queued, running, completed, steals, concurrency } = this.#scheduler.stats();
    return {
      stages: this.#pipeline
        .stats()
        .stages.map(({ name, queueWait, service }) => ({ name, wait: queueWait, service })),
      pool: poolFigures(this.#pool),
      scheduler: { queued, running, completed, steals },
      sessions: [...this.#threads.resident],
      concurrency,
    };
  }

  async ping(): Promise<RequestOutput<'ping'>> {
    return {};
  }

  async stop(): Promise<RequestOutput<'stop'>> {
    this.#load[Symbol.dispose]();
    this.#jobs.cancel();
    await this.#pipeline.stop();
    await this.#scheduler.stop();
    await this.#pool.close();
    // A picture that is being opened may add a file meanwhile.
    await rm(this.#scratch, { recursive: true, force: true, maxRetries: 3 });
    return {};
  }

  examineModel(input: RequestInput<'examineModel'>): Promise<RequestOutput<'examineModel'>> {
    return examineOnThread(input);
  }

  #contextOf(job: EnhanceJob, { flag, signal }: ActiveJob, { shown, focus }: ViewedJob): JobContext {
    return {
      job,
      flag,
      signal,
      shown,
      focus,
      report: (...progress) => this.#progress.report(job.jobId, ...progress),
      milliseconds: { decode: 0, enhance: 0, encode: 0, verify: 0 },
      copied: {},
    };
  }
}

/** Share of the machine's memory (or the container's) that is taken, by whomever. */
function machinePressure(): number {
  const limit = process.constrainedMemory();
  const total = limit > 0 && limit < totalmem() ? limit : totalmem();
  return 1 - process.availableMemory() / total;
}

function poolFigures(pool: ImageBufferPool): Record<string, number> {
  const { classes: _, ...figures } = pool.stats();
  return figures;
}
