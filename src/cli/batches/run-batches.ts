import { BatchRunner, type Workshop } from '../../main/batch/batch-runner.ts';
import type { FileEvent } from '../../main/batch/file-event.ts';
import { scratchFolder, stateFolder } from '../../main/installation.ts';
import type { EnhanceResult } from '../../shared/engine-protocol.ts';
import type { FileRecord } from '../../shared/jobs.ts';
import { exitCodeOf, type Outcome } from '../exit-codes.ts';
import type { Reporter } from '../output/reporter.ts';
import { BatchProgress } from './batch-progress.ts';

/** Files that the engine holds without running dry. */
const IN_FLIGHT = 6;
/** A codec in the middle of a picture cannot be interrupted; so long after Ctrl-C its process is, milliseconds. */
const GRACE = 2_000;
/** Milliseconds between two looks at the progress. */
const PROGRESS_INTERVAL = 200;

export interface RunOptions {
  sequential: boolean;
  /** The largest tile of the plan: what progress is counted in. */
  tile: { width: number; height: number };
  /** Called with each batch before it is worked on. */
  onBatch?(batchId: number): Promise<void>;
  /** Ends the run: what is done stays done, the rest waits in the journal. */
  signal: AbortSignal;
  /** What has been counted already: refused and left out before the start. */
  counted?: Partial<Outcome>;
  /** `performance.now()` at the start of the command. */
  started: number;
}

/** Works through batches of the journal one after the other and tells `reporter`. Resolves to the exit code. */
export async function runBatches(
  workshop: Workshop,
  batchIds: readonly number[],
  reporter: Reporter,
  { sequential, tile, onBatch, signal, counted, started }: RunOptions,
): Promise<number> {
  const { engine, jobs } = workshop;
  const outcome: Outcome = { done: 0, failed: 0, skipped: 0, cancelled: 0, ...counted };
  const progress = new BatchProgress(tile, performance.now());
  const copies = new Copies();
  const ticker = setInterval(
    () => reporter.progress(progress.snapshot(performance.now())),
    PROGRESS_INTERVAL,
  );
  let grace: NodeJS.Timeout | undefined;
  try {
    for (const batchId of batchIds) {
      await onBatch?.(batchId);
      const stopped = new Set<number>();
      const runner = new BatchRunner(workshop, batchId, {
        inFlight: sequential ? 1 : IN_FLIGHT,
        otherFolders: [scratchFolder(), stateFolder()],
        onProgress: (moved) => progress.jobs(moved),
        onObstacle: (reason) => reporter.obstacle(reason),
        onFile: (event) => {
          progress.file(event);
          if (event.state === 'cancelled') stopped.add(event.file.id);
          if (isEnd(event)) outcome[event.state] += 1;
          if (event.state === 'done') copies.add(event.result);
          reporter.file(event);
        },
      });
      const stop = () => {
        runner.pause('stopped by the user');
        grace = setTimeout(() => engine.kill(), GRACE);
      };
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
      // While the first files are in work already: of a long batch this takes a moment.
      const expected = eachQueued(jobs, batchId, (file) => progress.expect([file]));
      const [state] = await Promise.all([runner.run(), expected]);
      signal.removeEventListener('abort', stop);
      if (state !== 'paused') continue;
      await eachQueued(jobs, batchId, (file) => {
        if (stopped.has(file.id)) return;
        outcome.cancelled += 1;
        reporter.file({ state: 'cancelled', file });
      });
      reporter.interrupted(batchId);
      // What no engine can be kept running for is left as it is.
      if (signal.aborted || engine.state.state === 'broken') break;
    }
  } finally {
    clearInterval(ticker);
    clearTimeout(grace);
  }
  const exitCode = exitCodeOf(outcome);
  reporter.finished({
    ...outcome,
    exitCode,
    milliseconds: performance.now() - started,
    megapixels: progress.pixelsDone / 1e6,
    copiedPerResultByte: copies.perResultByte,
    // An engine that has died cannot report; what became of each file has been said.
    report: signal.aborted ? undefined : await engine.request('report', {}).catch(() => undefined),
  });
  return exitCode;
}

/** Files that the journal is asked for at once: more would hold up this thread. */
const AT_ONCE = 500;

/** Calls `take` with each file of a batch that waits, in order, however many there are. */
async function eachQueued(
  jobs: Workshop['jobs'],
  batchId: number,
  take: (file: FileRecord) => void,
): Promise<void> {
  for (let after = -1; ; ) {
    const files = await jobs.files(batchId, { states: ['queued'], after, limit: AT_ONCE });
    files.forEach(take);
    const last = files.at(-1);
    if (!last || files.length < AT_ONCE) return;
    after = last.position;
  }
}

type End = Extract<FileEvent, { state: keyof Outcome }>;

function isEnd(event: FileEvent): event is End {
  return event.state !== 'started' && event.state !== 'retried';
}

/** Adds up what was copied for the results of a run. */
class Copies {
  #copied = 0;
  #results = 0;

  add({ copied, pixelBytes }: EnhanceResult): void {
    this.#copied += Object.values(copied).reduce((sum, bytes) => sum + bytes, 0);
    this.#results += pixelBytes;
  }

  get perResultByte(): number {
    return this.#results === 0 ? 0 : this.#copied / this.#results;
  }
}
