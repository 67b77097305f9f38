import { type Batch, prepareBatch, type Recipe } from '../main/batch/prepare-batch.ts';
import { queueBatch } from '../main/batch/queue-batch.ts';
import { modelsFolder } from '../main/installation.ts';
import { encoderMemory } from '../main/machine.ts';
import { chooseVariant } from '../main/models/choose-variant.ts';
import { ModelRegistry, type RegisteredModel } from '../main/models/model-registry.ts';
import { resolvePlan } from '../main/models/resolve-plan.ts';
import { EnlargerError } from '../shared/errors.ts';
import type { OutputFormat } from '../shared/formats.ts';
import type { VariantId } from '../shared/models.ts';
import type { Reporter } from './output/reporter.ts';
import { runBatches } from './run-batches.ts';
import { openWorkshop } from './workshop.ts';

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
  removeGps: boolean;
  name: string;
  onCollision: Recipe['onCollision'];
  recursive: boolean;
  workers: number;
  threads: number;
  tile: number | undefined;
  sequential: boolean;
  memoryBudget: number;
}

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
  await using workshop = await openWorkshop(options, (message) => reporter.warn(message));
  const { engine, jobs } = workshop;
  const { variant } =
    options.variant === 'auto' ? await chooseVariant(model, engine) : { variant: options.variant };
  const recipe: Recipe = {
    out: options.out,
    plan: resolvePlan(model, { variant, threads: options.threads, tile: options.tile }),
    format: options.format,
    quality: options.quality,
    removeGps: options.removeGps,
    template: options.name,
    onCollision: options.onCollision,
  };
  const batch = await prepareBatch(options.inputs, options.recursive, recipe, {
    engine,
    jobs,
    encoderMemory: encoderMemory(options.memoryBudget),
  });
  const batchId = await queueBatch(jobs, batch, 'cli');
  const { skipped, refused } = batch;
  const { out, plan } = recipe;
  reporter.started({
    batchId,
    out,
    plan,
    files: batch.files.length,
    skipped,
    notes: notesOf(batch),
    refused,
  });
  return await runBatches(workshop, [batchId], reporter, {
    sequential: options.sequential,
    tile: plan.tile,
    signal,
    counted: { skipped: skipped.length, failed: refused.length },
    started,
  });
}

function notesOf({ files }: Batch): [note: string, count: number][] {
  const notes = files.flatMap((file) => file.notes);
  return [...Map.groupBy(notes, (note) => note)].map(([note, same]) => [note, same.length]);
}

function expectScale({ manifest }: RegisteredModel, scale: number | undefined): void {
  if (scale === undefined || scale === manifest.scale) return;
  throw new EnlargerError(
    'bad-argument',
    `--scale ${scale}: model '${manifest.id}' enlarges ${manifest.scale} times. Leave out one of the two.`,
  );
}
