import { mkdir, rm, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { z } from 'zod';
import type { EnhanceResult } from '../../shared/engine-protocol.ts';
import { asEnlargerError, cancelledError, EnlargerError } from '../../shared/errors.ts';
import type { FileResult } from '../../shared/jobs.ts';
import type { EngineConnection } from '../engine/engine-connection.ts';
import type { FileOutcome, Intent, JobStore, LeasedFile, Owner, Recovery } from '../jobs/job-store.ts';
import type { SessionResidency } from '../models/session-residency.ts';
import { commitResult } from './commit-result.ts';

/** What it takes to work on files. */
export interface FileWorkshop {
  jobs: JobStore;
  owner: Owner;
  engine: EngineConnection;
  residency: SessionResidency;
}

const writingSchema = z.object({
  out: z.string(),
  onCollision: z.enum(['skip', 'number', 'overwrite']),
  removeGps: z.boolean().default(false),
});

/** What the recipe of a batch says about the way its results are written. */
export type WritingRecipe = z.infer<typeof writingSchema>;

/** That part of a batch's recipe. Throws if it is none of ours. */
export function writingRecipe(recipe: unknown): WritingRecipe {
  return writingSchema.parse(recipe);
}

/** Why a result was not placed. */
export const LEFT_ALONE = 'another file of that name is there';

/** How the work on a file begins, and ends early. */
export interface FileStart {
  signal: AbortSignal;
  /** Files enter the engine in their order, however long each one's folder and session take. */
  turn: Turn;
}

export interface Turn {
  /** Resolves once every earlier file has entered, or never will. */
  before: Promise<void>;
  /** This one has entered. */
  taken(): void;
}

/** A result in its place; absent where what stood there was left. */
export type Placed = { target: string; result: EnhanceResult } | undefined;

/**
 * Enlarges one file and gives its result its name, by the order that survives every crash: written and flushed under a
 * temporary name, read back, its place noted in the journal, placed without replacing, the folder flushed. That it is
 * done is for the caller to note, with `finishedAs`. Rejects with what went wrong, nothing left of what was written.
 */
export async function enlargeFile(
  workshop: FileWorkshop,
  file: LeasedFile,
  recipe: WritingRecipe,
  { signal, turn }: FileStart,
): Promise<Placed> {
  try {
    return await enlarge(workshop, file, recipe, { signal, turn });
  } catch (error) {
    // An engine that died could not remove it, and under this name nobody would look for it again.
    await rm(file.temporary, { force: true }).catch(() => {});
    throw error;
  }
}

async function enlarge(
  { jobs, owner, engine, residency }: FileWorkshop,
  file: LeasedFile,
  recipe: WritingRecipe,
  { signal, turn }: FileStart,
): Promise<Placed> {
  const { plan, facts, temporary, quality } = file;
  if (signal.aborted) throw cancelledError(signal);
  await expectUnchanged(file);
  await makeFolder(dirname(file.target), recipe.out);
  using _session = await residency.acquire(facts.deep ? plan.deep : plan.shallow, plan);
  await turn.before;
  // A cancellation that came before the engine knew the job has found nothing to cancel there.
  if (signal.aborted) throw cancelledError(signal);
  const enhanced = engine.enhance(
    {
      jobId: file.id,
      source: file.source,
      plan,
      output: {
        temporary,
        format: file.format,
        ...(quality === null ? {} : { quality }),
        ...(recipe.removeGps ? { removeGps: true } : {}),
      },
      lane: 'batch',
    },
    { sourcePixels: facts.width * facts.height },
  );
  turn.taken();
  const result = await enhanced;
  const notes = [...file.notes, ...result.notes];
  const intent: Omit<Intent, 'target'> = {
    temporary,
    sha256: result.sha256,
    bytes: result.bytes,
    timings: result.milliseconds,
    fidelity: result.fidelity,
    notes,
    sourceSha256: await sourceHash(jobs, file),
    replaces: recipe.onCollision === 'overwrite',
  };
  const target = await commitIntent({ jobs, owner }, file, intent, recipe);
  if (target === undefined) return undefined;
  if (target !== file.target) notes.push(`Named ${basename(target)}: the planned name was taken.`);
  return { target, result: { ...result, notes } };
}

/** Gives a finished result its name; undefined if what stood there was left. */
function commitIntent(
  { jobs, owner }: Pick<FileWorkshop, 'jobs' | 'owner'>,
  file: LeasedFile,
  intent: Omit<Intent, 'target'>,
  { onCollision }: Pick<WritingRecipe, 'onCollision'>,
): Promise<string | undefined> {
  return commitResult({
    temporary: intent.temporary,
    target: file.target,
    policy: onCollision,
    isSource: (identity) => jobs.hasSource(file.batchId, identity),
    intend: (target) => jobs.intend(owner, file.id, { ...intent, target }),
  });
}

/** Gives results that an earlier run had finished the names that it could not give them any more. */
export async function placeFinished(
  { jobs, owner }: Pick<FileWorkshop, 'jobs' | 'owner'>,
  ready: Recovery['ready'],
): Promise<void> {
  for (const { file, intent } of ready) {
    try {
      const { recipe } = await jobs.batch(file.batchId);
      const target = await commitIntent({ jobs, owner }, file, intent, writingRecipe(recipe));
      const { temporary: _, replaces: __, ...result } = intent;
      const outcome: FileOutcome = target
        ? { state: 'done', ...result, target }
        : { state: 'skipped', reason: LEFT_ALONE };
      await jobs.finish(owner, file.id, outcome);
    } catch {
      // Whatever keeps it from its name now, it is tried again, and then told, when its batch is.
      await rm(intent.temporary, { force: true });
      await jobs.requeue(owner, [file.id]);
    }
  }
}

/** What the journal keeps of a finished file. */
export async function finishedAs(
  jobs: JobStore,
  file: LeasedFile,
  { target, result }: NonNullable<Placed>,
): Promise<FileResult> {
  const { sha256, bytes, milliseconds: timings, fidelity, notes } = result;
  return { target, sha256, bytes, timings, fidelity, notes, sourceSha256: await sourceHash(jobs, file) };
}

/** Of the bytes that were enlarged; null where the source has changed or gone meanwhile. */
async function sourceHash(jobs: JobStore, file: LeasedFile): Promise<string | null> {
  try {
    const sha256 = await jobs.fingerprint(file.source);
    await expectUnchanged(file);
    return sha256;
  } catch {
    return null;
  }
}

/** The plan was made for what the file was then: its size and depth, its format and name. */
async function expectUnchanged({ source, sourceSize, sourceMtimeNs }: LeasedFile): Promise<void> {
  const found = await stat(source, { bigint: true }).catch((error: unknown) => {
    throw missing(source, error);
  });
  if (Number(found.size) === sourceSize && String(found.mtimeNs) === sourceMtimeNs) return;
  throw new EnlargerError(
    'source-changed',
    `${source}: was changed after it had been added. Add it again to enlarge it as it is now.`,
    { file: source },
  );
}

function missing(source: string, error: unknown): EnlargerError {
  const { code } = error as NodeJS.ErrnoException;
  const details = { file: source, cause: error };
  if (code === 'EACCES' || code === 'EPERM') {
    const reason = `${source}: may not be read any more. Check its permissions.`;
    return new EnlargerError('permission-denied', reason, details);
  }
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new EnlargerError('not-found', `${source}: there is no such file any more.`, details);
  }
  return asEnlargerError(error, 'not-found', details);
}

/** Makes a folder in `out`. Where that is gone, perhaps with its drive, it is not made anew on another. */
async function makeFolder(folder: string, out: string): Promise<void> {
  const make = async () => {
    await stat(out);
    await mkdir(folder, { recursive: true });
  };
  await make().catch((error: unknown) => {
    const full = (error as NodeJS.ErrnoException).code === 'ENOSPC';
    const reason = error instanceof Error ? error.message : String(error);
    throw new EnlargerError(
      full ? 'disk-full' : 'encode-failed',
      `${folder}: this folder for results cannot be made (${reason}). Make room or choose another --out.`,
      { file: folder, cause: error },
    );
  });
}
