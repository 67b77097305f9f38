import type {
  EnhanceJob,
  EnhanceResult,
  JobProgress,
  RequestInput,
  RequestName,
  RequestOutput,
} from '../../shared/engine-protocol.ts';

/** A cancellation on its way: requested by making it, then acknowledged, then cleaned. */
export interface Cancellation {
  /** Resolves when no later tile of the jobs can start. That of an `EngineClient` rejects if its engine dies. */
  acknowledged: Promise<void>;
  /** Resolves when their memory, scratch and temporary files are gone. Never rejects. */
  whenCleaned(): Promise<void>;
}

/** What main knows of a job beyond what the engine is told: how long it may take is measured by it. */
export interface JobSize {
  /** Width × height of the source. */
  sourcePixels?: number;
}

/** An engine as those see it who give it work: one process, or one after the other. */
export interface EngineConnection {
  /** The engine's process; 0 while there is none. */
  readonly pid: number;

  request<N extends RequestName>(name: N, input: RequestInput<N>): Promise<RequestOutput<N>>;

  /** Enlarges one file. Rejects with what went wrong, once nothing of the job is left in the engine. */
  enhance(job: EnhanceJob, size?: JobSize): Promise<EnhanceResult>;

  /** Cancels the jobs of these ids, or all. Their `enhance` rejects with `cancelled`, or is done just before. */
  cancel(jobIds?: readonly number[]): Cancellation;

  /** Calls `listener` with the latest state of the jobs that moved; returns what ends that. */
  onProgress(listener: (jobs: JobProgress[]) => void): () => void;

  /** Lets the engine clean up, then waits for its end. There is no way back. */
  stop(): Promise<void>;

  /** Ends the engine at once, without cleaning up. There is no way back. */
  kill(): void;
}
