import { z } from 'zod';
import type { BatchRecord, FileState } from '../../shared/jobs.ts';

/** What the journal keeps of a recipe, as far as it is shown. */
const recipeSchema = z.object({
  model: z.string(),
  scale: z.int(),
  kept: z.boolean().default(false),
});

/** How a batch was made; undefined for one of a shell that kept something else. */
function recipeOf({ recipe }: Pick<BatchRecord, 'recipe'>) {
  return recipeSchema.safeParse(recipe).data;
}

export function scaleOf(batch: Pick<BatchRecord, 'recipe'>): number | undefined {
  return recipeOf(batch)?.scale;
}

export function modelOf(batch: Pick<BatchRecord, 'recipe'>): string | undefined {
  return recipeOf(batch)?.model;
}

/** Whether the results lie with Enlarger, and go when the batch is cleared. */
export function isKept(batch: Pick<BatchRecord, 'recipe'>): boolean {
  return recipeOf(batch)?.kept ?? false;
}

export function hasEnded({ state }: Pick<BatchRecord, 'state'>): boolean {
  return state === 'done' || state === 'partial' || state === 'cancelled';
}

/** What the numbers of a batch are told by, in this order. */
const TOLD = ['done', 'failed', 'working', 'waiting', 'skipped', 'cancelled'] as const;
type Told = (typeof TOLD)[number];

const TELLS: Record<FileState, Told> = {
  queued: 'waiting',
  decoding: 'working',
  enhancing: 'working',
  encoding: 'working',
  done: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
  skipped: 'skipped',
};

/** How many files there are of each kind of which there are any. */
export function countsOf({ files }: Pick<BatchRecord, 'files'>): { kind: Told; count: number }[] {
  const counts = new Map<Told, number>();
  for (const [state, count] of Object.entries(files)) {
    const kind = TELLS[state as FileState];
    counts.set(kind, (counts.get(kind) ?? 0) + (count ?? 0));
  }
  return TOLD.map((kind) => ({ kind, count: counts.get(kind) ?? 0 })).filter(({ count }) => count > 0);
}

/** What goes when these batches are cleared that is nowhere else: results that Enlarger keeps. */
export function keptResults(batches: readonly BatchRecord[]): number {
  return batches.filter(isKept).reduce((sum, { files }) => sum + (files.done ?? 0), 0);
}
