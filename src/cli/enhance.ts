import { rm } from 'node:fs/promises';
import { prepareBatch, type Recipe } from '../main/batch/prepare-batch.ts';
import { type FileEvent, runBatch } from '../main/batch/run-batch.ts';
import { childProcessHost, engineEntry } from '../main/engine/child-process-host.ts';
import { EngineClient } from '../main/engine/engine-client.ts';
import { modelsFolder, scratchFolder } from '../main/installation.ts';
import { chooseVariant } from '../main/models/choose-variant.ts';
import { ModelRegistry, type RegisteredModel } from '../main/models/model-registry.ts';
import { resolvePlan } from '../main/models/resolve-plan.ts';
import { SessionResidency } from '../main/models/session-residency.ts';
import { type EnhanceResult, engineScratch } from '../shared/engine-protocol.ts';
import { EnlargerError } from '../shared/errors.ts';
import type { OutputFormat } from '../shared/formats.ts';
import type { VariantId } from '../shared/models.ts';
import { BatchProgress } from './batch-progress.ts';
import { exitCodeOf, type Outcome } from './exit-codes.ts';
import type { Reporter } from './output/reporter.ts';

/** What `enlarger enhance` was asked for; paths are absolute. */
export interface EnhanceOptions {
  inputs: string[];
  out: string;
  model: string;
  /** Set where it was asked for beside the model: the two must agree. */
  scale: number | undefined;
  variant: VariantId | 'auto';
  format: OutputFormat | 'keep';
  quality: number | undefined;
  name: string;
  onCollision: Recipe['onCollision'];
  recursive: boolean;
  workers: number;
  threads: number;
  tile: number | undefined;
  sequential: boolean;
  memoryBudget: number;
}

/** Frames that wait in front of a stage, and files that the engine therefore holds without running dry. */
const QUEUE_DEPTH = 1;
const IN_FLIGHT = 6;
/** Sessions of one command are few and all in use; the budget is for long-lived shells. */
const SESSION_POLICY = { budgetBytes: 4e9, idleMs: 60_000 };
/** A codec in the middle of a picture cannot be interrupted; so long after Ctrl-C its process is, milliseconds. */
const GRACE = 2_000;
/** Milliseconds between two looks at the progress. */
const PROGRESS_INTERVAL = 200;

/**
 * Enlarges what was asked for and tells `reporter`. `signal` ends it cleanly. Resolves to the exit code;
 * throws what makes the whole run impossible, such as an unknown model or an output folder out of reach.
 */
export async function enhance(
  options: EnhanceOptions,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<number> {
  const started = performance.now();
  const model = (await ModelRegistry.read(modelsFolder())).get(options.model);
  expectScale(model, options.scale);
  const engine = await EngineClient.start(childProcessHost(engineEntry()), {
    workers: options.workers,
    queueDepth: QUEUE_DEPTH,
    sequential: options.sequential,
    memoryBudget: options.memoryBudget,
    scratch: scratchFolder(),
  });
  const killLate = () => setTimeout(() => engine.kill(), GRACE).unref();
  signal.addEventListener('abort', killLate, { once: true });
  const residency = new SessionResidency(engine, SESSION_POLICY);
  try {
    const { variant } =
      options.variant === 'auto' ? await chooseVariant(model, engine) : { variant: options.variant };
    const batch = await prepareBatch(options.inputs, options.recursive, recipeOf(), engine);
    reporter.started(batch);
    const positions = new Map(batch.files.map((file, position) => [file, position]));
    const progress = new BatchProgress(batch, performance.now());
    const outcome = { done: 0, failed: batch.refused.length, skipped: batch.skipped.length, cancelled: 0 };
    const copies = new Copies();
    const ticker = setInterval(
      () => reporter.progress(progress.snapshot(performance.now())),
      PROGRESS_INTERVAL,
    );
    try {
      await runBatch(engine, residency, batch, {
        inFlight: options.sequential ? 1 : IN_FLIGHT,
        signal,
        onProgress: (jobs) => progress.jobs(jobs),
        onFile: (event) => {
          if (event.state !== 'started') {
            progress.ended(positions.get(event.file) as number, event);
            count(outcome, event);
          }
          if (event.state === 'done') copies.add(event.result);
          reporter.file(event);
        },
      });
    } finally {
      clearInterval(ticker);
    }
    const exitCode = exitCodeOf(outcome);
    reporter.finished({
      ...outcome,
      exitCode,
      milliseconds: performance.now() - started,
      megapixels: progress.pixelsDone / 1e6,
      copiedPerResultByte: copies.perResultByte,
      // An engine that has died cannot report; what became of each file has been said.
      report: await engine.request('report', {}).catch(() => undefined),
    });
    return exitCode;

    function recipeOf(): Recipe {
      return {
        out: options.out,
        plan: resolvePlan(model, { variant, threads: options.threads, tile: options.tile }),
        format: options.format,
        quality: options.quality,
        template: options.name,
        onCollision: options.onCollision,
      };
    }
  } finally {
    signal.removeEventListener('abort', killLate);
    residency.close();
    await engine.stop();
    await rm(engineScratch(scratchFolder(), engine.pid), { recursive: true, force: true });
  }
}

function expectScale({ manifest }: RegisteredModel, scale: number | undefined): void {
  if (scale === undefined || scale === manifest.scale) return;
  throw new EnlargerError(
    'bad-argument',
    `--scale ${scale}: model '${manifest.id}' enlarges ${manifest.scale} times. Leave out one of the two.`,
  );
}

function count(outcome: Outcome, { state }: FileEvent): void {
  if (state !== 'started') outcome[state] += 1;
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
