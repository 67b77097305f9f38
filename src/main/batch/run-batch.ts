import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { EnhanceResult, JobProgress } from '../../shared/engine-protocol.ts';
import { asEnlargerError, cancelledError, EnlargerError } from '../../shared/errors.ts';
import type { EngineClient } from '../engine/engine-client.ts';
import type { SessionResidency } from '../models/session-residency.ts';
import { commitResult } from './commit-result.ts';
import type { Batch, BatchFile } from './prepare-batch.ts';

export type FileEvent =
  | { state: 'started'; file: BatchFile }
  | { state: 'done'; file: BatchFile; target: string; result: EnhanceResult }
  | { state: 'skipped'; file: BatchFile }
  | { state: 'failed'; file: BatchFile; error: EnlargerError }
  | { state: 'cancelled'; file: BatchFile };

export interface RunOptions {
  /** Files that the engine holds at once; enough to keep each of its stages busy. */
  inFlight: number;
  /** Ends the batch: what is done stays, what is in work leaves nothing behind. */
  signal: AbortSignal;
  onFile(event: FileEvent): void;
  /** Jobs that moved on, by position in `batch.files`. */
  onProgress(jobs: JobProgress[]): void;
}

/** Enlarges every file of `batch`. One that fails is reported and changes nothing for the others. */
export async function runBatch(
  engine: EngineClient,
  residency: SessionResidency,
  batch: Batch,
  options: RunOptions,
): Promise<void> {
  const token = randomBytes(4).toString('hex');
  const remaining = batch.files.entries();
  const active = new Set<number>();
  const cancelActive = () => {
    // One message for all of them; what a dead engine had in work is over anyway.
    engine.cancel([...active]).acknowledged.catch(() => {});
  };
  options.signal.addEventListener('abort', cancelActive, { once: true });
  const stopListening = engine.onProgress(options.onProgress);
  const workOn = async () => {
    for (const [jobId, file] of remaining) {
      if (options.signal.aborted) {
        options.onFile({ state: 'cancelled', file });
        continue;
      }
      active.add(jobId);
      options.onFile({ state: 'started', file });
      const temporary = join(dirname(file.target), `.enlarger-${token}-${jobId}.part`);
      const event = await enlarge(
        { engine, residency, batch, signal: options.signal },
        jobId,
        file,
        temporary,
      ).catch((error: unknown) => endOf(file, error, options.signal));
      // Whoever failed, the engine's own death included, leaves nothing behind. Where even looking fails,
      // there is nothing.
      await rm(temporary, { force: true }).catch(() => {});
      active.delete(jobId);
      options.onFile(event);
    }
  };
  try {
    await Promise.all(Array.from({ length: options.inFlight }, workOn));
  } finally {
    options.signal.removeEventListener('abort', cancelActive);
    stopListening();
  }
}

interface Run {
  engine: EngineClient;
  residency: SessionResidency;
  batch: Batch;
  signal: AbortSignal;
}

async function enlarge(
  { engine, residency, batch: { recipe, sources }, signal }: Run,
  jobId: number,
  file: BatchFile,
  temporary: string,
): Promise<FileEvent> {
  const { plan } = recipe;
  await makeFolder(dirname(file.target));
  using _session = await residency.acquire(file.probe.deep ? plan.deep : plan.shallow, plan);
  // A cancellation that came before the engine knew the job has found nothing to cancel there.
  if (signal.aborted) throw cancelledError(signal);
  const result = await engine.enhance({
    jobId,
    source: file.source.path,
    plan,
    output: { temporary, format: file.format, ...(recipe.quality ? { quality: recipe.quality } : {}) },
    lane: 'batch',
  });
  const target = await commitResult(temporary, file.target, recipe.onCollision, sources);
  if (target === undefined) return { state: 'skipped', file };
  const notes = [...file.notes, ...result.notes];
  if (target !== file.target) notes.push(`Named ${basename(target)}: the planned name was taken.`);
  return { state: 'done', file, target, result: { ...result, notes } };
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new EnlargerError(
      'encode-failed',
      `${folder}: this folder for results cannot be made (${reason}). Choose another --out.`,
      { file: folder, cause: error },
    );
  });
}

function endOf(file: BatchFile, error: unknown, signal: AbortSignal): FileEvent {
  const typed = asEnlargerError(error, 'internal', { file: file.source.path });
  // Who cancels may stop the engine as well, so as not to wait for what cannot be interrupted.
  const stopped = typed.code === 'stopped' && signal.aborted;
  if (typed.code === 'cancelled' || stopped) return { state: 'cancelled', file };
  return { state: 'failed', file, error: namingSource(typed, file.source.path) };
}

/** An error about a temporary file or a tile is no help: the user knows the file by its source. */
function namingSource(error: EnlargerError, source: string): EnlargerError {
  if (error.message.includes(source)) return error;
  return new EnlargerError(error.code, `${source}: ${error.message}`, { file: source, cause: error });
}
