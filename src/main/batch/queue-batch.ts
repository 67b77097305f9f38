import { basename } from 'node:path';
import type { BatchRecord } from '../../shared/jobs.ts';
import type { Plan } from '../../shared/plan.ts';
import type { JobStore, NewFile } from '../jobs/job-store.ts';
import type { Batch } from './prepare-batch.ts';

/** Files that the journal is given at once: handing over more would hold up this thread. */
const AT_ONCE = 250;

/**
 * Writes a prepared batch into the journal, with what was refused and left out. Resolves to its id. The journal gets it
 * as a whole: if this process dies before, nothing of it is there.
 */
export async function queueBatch(jobs: JobStore, batch: Batch, shell: BatchRecord['shell']): Promise<number> {
  const { plan, ...recipe } = batch.recipe;
  const files = newFiles(batch);
  const draft = await jobs.draftBatch({
    title: titleOf(batch),
    recipe: { ...recipe, ...modelWords(plan) },
    out: recipe.out,
    shell,
  });
  for (let next = 0; next < files.length; next += AT_ONCE) {
    await jobs.draftFiles(draft, files.slice(next, next + AT_ONCE));
  }
  return await jobs.addDraft(draft);
}

/** What of a plan people read in the history. */
function modelWords({ modelId, scale, shallow, strength }: Plan) {
  const words = { model: modelId, scale, variant: shallow.variant };
  return strength === undefined ? words : { ...words, strength };
}

function newFiles({ recipe, files, sources, skipped, refused }: Batch): NewFile[] {
  const planned = files.map(({ source, probe, target, format, notes, size, mtimeNs }) => ({
    source: source.path,
    folder: source.folder,
    identity: source.identity,
    facts: probe,
    target,
    format,
    quality: recipe.quality,
    removeGps: recipe.removeGps ?? false,
    notes,
    sourceSize: size,
    sourceMtimeNs: mtimeNs,
    plan: recipe.plan,
  }));
  const left = skipped.map(({ source, target, reason }) => ({
    source,
    identity: sources.get(source),
    target,
    ended: { state: 'skipped' as const, reason },
  }));
  const failed = refused.map(({ file, code, message }) => ({
    source: file ?? '',
    identity: sources.get(file ?? ''),
    ended: { state: 'failed' as const, code, reason: message },
  }));
  return [...planned, ...left, ...failed];
}

/** What people know a batch by: its first picture, and how many there are beside it. */
function titleOf({ files, skipped, refused }: Batch): string {
  const first = files[0]?.source.path ?? skipped[0]?.source ?? refused[0]?.file ?? '';
  const others = files.length + skipped.length + refused.length - 1;
  return others > 0 ? `${basename(first)} and ${others} more` : basename(first);
}
