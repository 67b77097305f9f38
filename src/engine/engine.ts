import { rm } from 'node:fs/promises';
import {
  ENGINE_PROTOCOL_VERSION,
  type EngineConfig,
  type EngineReport,
  type EnhanceJob,
  type EnhanceResult,
  type JobProgress,
  type RequestInput,
  type RequestOutput,
} from '../shared/engine-protocol.ts';
import { cancelledError, EnlargerError } from '../shared/errors.ts';
import { ImageBufferPool } from './buffers/image-buffer-pool.ts';
import { poolShape } from './buffers/pool-shape.ts';
import type { CodecService } from './codec/codec-service.ts';
import { type CancelFlag, CancelFlags } from './inference/cancel-flags.ts';
import { InferenceThreads } from './inference/inference-threads.ts';
import type { TileWork } from './inference/tile-runner.ts';
import { DeterministicPipeline } from './pipeline/deterministic-pipeline.ts';
import { stages } from './pipeline/stage.ts';
import { ProgressReporter } from './progress.ts';
import { TileScheduler } from './scheduling/tile-scheduler.ts';
import { prepareScratch, scratchOf } from './scratch.ts';
import { decodeStage } from './stages/decode-stage.ts';
import { encodeStage } from './stages/encode-stage.ts';
import { enhanceStage } from './stages/enhance-stage.ts';
import type { JobContext } from './stages/frames.ts';
import { verifyStage } from './stages/verify-stage.ts';
import { ThreadClient, threadEntry } from './threads/thread-rpc.ts';

interface ActiveJob {
  abort: AbortController;
  flag: CancelFlag;
}

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
  readonly #pipeline: DeterministicPipeline<JobContext, EnhanceResult>;
  readonly #progress: ProgressReporter;
  readonly #flags = new CancelFlags();
  readonly #active = new Map<number, ActiveJob>();

  private constructor(config: EngineConfig, onProgress: (jobs: JobProgress[]) => void) {
    this.#scratch = scratchOf(config.scratch, process.pid);
    const codecEntry = threadEntry(import.meta.url, './codec/codec-worker.ts', 'codec-worker.js');
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
      stages: stages(decodeStage(this.#codec, this.#pool, this.#scratch))
        .stage(enhanceStage(this.#codec, this.#threads, this.#scheduler))
        .stage(encodeStage(this.#codec))
        .stage(verifyStage(this.#codec)),
      queueDepth: config.queueDepth,
      sequential: config.sequential,
    });
    this.#progress = new ProgressReporter(onProgress);
  }

  static async start(config: EngineConfig, onProgress: (jobs: JobProgress[]) => void): Promise<Engine> {
    const engine = new Engine(config, onProgress);
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

  async enhance(job: EnhanceJob): Promise<EnhanceResult> {
    if (this.#active.has(job.jobId)) {
      throw new EnlargerError('bad-argument', `Job ${job.jobId} is in work already.`);
    }
    const abort = new AbortController();
    const flag = this.#flags.take();
    this.#active.set(job.jobId, { abort, flag });
    try {
      const context = this.#contextOf(job, flag, abort.signal);
      const ticket = await this.#pipeline.submit(context, { signal: abort.signal });
      const [result] = await Promise.allSettled([ticket.result, ticket.cleaned]);
      if (result.status === 'rejected') throw result.reason;
      return result.value;
    } finally {
      this.#active.delete(job.jobId);
      flag.release();
      this.#progress.flush();
    }
  }

  /** When this returns, no later tile of the job can start; its `enhance` fails once all is cleaned up. */
  async cancel({ jobId }: RequestInput<'cancel'>): Promise<RequestOutput<'cancel'>> {
    const active = this.#active.get(jobId);
    active?.flag.set();
    active?.abort.abort(cancelledError());
    return {};
  }

  compare({ reference, candidate, scale, receptiveRadius }: RequestInput<'compare'>) {
    return this.#threads.compare(reference, candidate, { scale, radius: receptiveRadius });
  }

  examineRuntime({ session }: RequestInput<'examineRuntime'>): Promise<RequestOutput<'examineRuntime'>> {
    return this.#threads.examineRuntime(session);
  }

  async report(): Promise<EngineReport> {
    const { completed, steals } = this.#scheduler.stats();
    return {
      stages: this.#pipeline
        .stats()
        .stages.map(({ name, queueWait, service }) => ({ name, wait: queueWait, service })),
      pool: poolFigures(this.#pool),
      scheduler: { completed, steals },
      sessions: [...this.#threads.resident],
    };
  }

  async stop(): Promise<RequestOutput<'stop'>> {
    for (const { flag } of this.#active.values()) flag.set();
    await this.#pipeline.stop();
    await this.#scheduler.stop();
    await this.#pool.close();
    await rm(this.#scratch, { recursive: true, force: true });
    return {};
  }

  #contextOf(job: EnhanceJob, flag: CancelFlag, signal: AbortSignal): JobContext {
    return {
      job,
      flag,
      signal,
      report: (state, tilesDone, tilesTotal, pixelsDone) =>
        this.#progress.report({ jobId: job.jobId, state, tilesDone, tilesTotal, pixelsDone }),
      milliseconds: { decode: 0, enhance: 0, encode: 0, verify: 0 },
      copied: {},
    };
  }
}

function poolFigures(pool: ImageBufferPool): Record<string, number> {
  const { classes: _, ...figures } = pool.stats();
  return figures;
}
