import { mkdir, rm, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { cancelledError, EnlargerError } from '../../shared/errors.ts';
import type { Plan } from '../../shared/plan.ts';
import type { Devices } from '../devices/devices.ts';
import { isDiskFull } from '../disk-full.ts';
import type { EngineConnection } from '../engine/engine-connection.ts';
import type { Intent, JobStore, LeasedFile, Owner } from '../jobs/job-store.ts';
import type { SessionResidency } from '../models/sessions/session-residency.ts';
import { orOnProcessor } from './device-fallback.ts';
import type { Turn } from './files-in-work.ts';
import { commitIntent, type Placed } from './place-result.ts';
import { expectUnchanged, sourceHash } from './source-file.ts';
import type { WritingRecipe } from './writing-recipe.ts';

/** What it takes to work on files. */
export interface FileWorkshop {
  jobs: JobStore;
  owner: Owner;
  engine: EngineConnection;
  residency: SessionResidency;
  /** Remembers what cards have memory for; absent where nobody does. */
  devices?: Pick<Devices, 'keepTile'>;
}

/** How the work on a file begins, and ends early. */
export interface FileStart {
  signal: AbortSignal;
  /** Files enter the engine in their order, however long each one's folder and session take. */
  turn: Turn;
  /** Why the processor is to compute it, whatever its plan says; absent where nothing speaks against the plan's device. */
  avoid?: string | undefined;
}

/**
 * Enlarges one file and gives its result its name, by the order that survives every crash: written and flushed under a
 * temporary name, read back, its place noted in the journal, placed without replacing, the folder flushed. That it is
 * done is for the caller to note, with `finishedAs`. Rejects with what went wrong, nothing left of what was written.
 */
export async function enlargeFile(
  workshop: FileWorkshop,
  file: LeasedFile,
  recipe: WritingRecipe,
  start: FileStart,
): Promise<Placed> {
  try {
    return await enlarge(workshop, file, recipe, start);
  } catch (error) {
    // An engine that died could not remove it, and under this name nobody would look for it again.
    await rm(file.temporary, { force: true }).catch(() => {});
    throw error;
  }
}

async function enlarge(
  { jobs, owner, engine, residency, devices }: FileWorkshop,
  file: LeasedFile,
  recipe: WritingRecipe,
  { signal, turn, avoid }: FileStart,
): Promise<Placed> {
  const { facts, temporary, quality } = file;
  if (signal.aborted) throw cancelledError(signal);
  await expectUnchanged(file);
  await makeFolder(dirname(file.target), recipe.out);
  const output = {
    temporary,
    format: file.format,
    ...(quality === null ? {} : { quality }),
    ...(recipe.removeGps ? { removeGps: true } : {}),
  };
  const compute = async (plan: Plan) => {
    const spec = facts.deep ? plan.deep : plan.shallow;
    using _session = await residency.acquire(spec, plan);
    await turn.before;
    // A cancellation that came before the engine knew the job has found nothing to cancel there.
    if (signal.aborted) throw cancelledError(signal);
    const enhanced = engine.enhance(
      { jobId: file.id, source: file.source, plan, output, lane: 'batch' },
      { sourcePixels: facts.width * facts.height },
    );
    turn.taken();
    const result = await enhanced;
    const { tilePixels } = result;
    // What cannot be kept is found out again.
    if (tilePixels !== undefined) await devices?.keepTile(spec, tilePixels, engine).catch(() => {});
    return result;
  };
  const { made: result, notes: fallen } = await orOnProcessor(file.plan, compute, avoid);
  const notes = [...file.notes, ...result.notes, ...fallen];
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

/** Makes a folder in `out`. Where that is gone, perhaps with its drive, it is not made anew on another. */
async function makeFolder(folder: string, out: string): Promise<void> {
  const make = async () => {
    await stat(out);
    await mkdir(folder, { recursive: true });
  };
  await make().catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new EnlargerError(
      isDiskFull(error) ? 'disk-full' : 'encode-failed',
      `${folder}: this folder for results cannot be made (${reason}). Make room or choose another --out.`,
      { file: folder, cause: error },
    );
  });
}
