import { basename, dirname } from 'node:path';
import { z } from 'zod';
import { EnlargerError } from '../../../shared/errors.ts';
import type { JobStore } from '../../jobs/job-store.ts';
import type { ModelRegistry, RegisteredModel } from '../model-registry.ts';

/** What of the journal says which models are needed. */
export type UnfinishedWork = Pick<JobStore, 'batches'>;

/** Batches that are looked at. */
const ALL_BATCHES = 10_000;

const recipeSchema = z.object({ model: z.string() });

/** Throws `collision`, naming the model, if one has weights of this SHA-256 already. `name`: what the file is called. */
export function expectNew(registry: ModelRegistry, sha256: string, name: string): void {
  for (const { manifest } of registry.models.values()) {
    const entries = manifest.variants.flatMap((variant) => variant.entries);
    if (!entries.some((entry) => entry.sha256 === sha256)) continue;
    throw new EnlargerError('collision', `${name}: is here already, as the model '${manifest.id}'.`, {
      file: name,
    });
  }
}

/** Throws `permission-denied` for a model that its user has not added. */
export function expectOwn({ origin, manifest: { id } }: RegisteredModel): void {
  if (origin === 'added') return;
  const message = `Model '${id}' came with Enlarger. Only models that were added can be changed or removed.`;
  throw new EnlargerError('permission-denied', message);
}

/** Throws `in-use` while a batch has use for the model `id` that is queued, runs or is paused. */
export async function expectUnused(jobs: UnfinishedWork, id: string): Promise<void> {
  const unfinished = await jobs.batches({ states: ['queued', 'running', 'paused'], limit: ALL_BATCHES });
  const batch = unfinished.find(({ recipe }) => recipeSchema.safeParse(recipe).data?.model === id);
  if (!batch) return;
  const state = batch.state === 'queued' ? 'waiting' : batch.state;
  const advice = 'Let it come to its end, or cancel it.';
  const message = `Model '${id}' is needed by batch ${batch.id} (${batch.title}), which is ${state}. ${advice}`;
  throw new EnlargerError('in-use', message);
}

/** Whether an id is a model's, or that of a folder whose manifest cannot be understood. */
export function takenIn({ models, problems }: ModelRegistry): (id: string) => boolean {
  const folders = new Set(problems.map(({ file }) => basename(dirname(file ?? ''))));
  return (id) => models.has(id) || folders.has(id);
}

export function idTaken(id: string): EnlargerError {
  return new EnlargerError('collision', `There is a model '${id}' already. Choose another id.`);
}
