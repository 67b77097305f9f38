import { rm } from 'node:fs/promises';
import type { EnhanceResult } from '../../shared/engine-protocol.ts';
import type { FileResult } from '../../shared/jobs.ts';
import type { FileOutcome, Intent, JobStore, LeasedFile, Owner, Recovery } from '../jobs/job-store.ts';
import { commitResult } from './commit-result.ts';
import { sourceHash } from './source-file.ts';
import { type WritingRecipe, writingRecipe } from './writing-recipe.ts';

/** The journal, and whose the files are. */
interface Journal {
  jobs: JobStore;
  owner: Owner;
}

/** Why a result was not placed. */
export const LEFT_ALONE = 'another file of that name is there';

/** A result in its place; absent where what stood there was left. */
export type Placed = { target: string; result: EnhanceResult } | undefined;

/** Gives a finished result its name; undefined if what stood there was left. */
export function commitIntent(
  { jobs, owner }: Journal,
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
export async function placeFinished({ jobs, owner }: Journal, ready: Recovery['ready']): Promise<void> {
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
