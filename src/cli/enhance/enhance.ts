import { type Batch, prepareBatch, type Recipe, withNotes } from '../../main/batch/prepare-batch.ts';
import { queueBatch } from '../../main/batch/queue-batch.ts';
import { planOnDevice } from '../../main/devices/plan-on-device.ts';
import { modelFolders } from '../../main/installation.ts';
import { encoderMemory } from '../../main/machine.ts';
import { chooseVariant } from '../../main/models/choose-variant.ts';
import { ModelRegistry } from '../../main/models/model-registry.ts';
import type { OutputFormat } from '../../shared/formats.ts';
import type { VariantId } from '../../shared/models.ts';
import { runBatches } from '../batches/run-batches.ts';
import { openWorkshop } from '../batches/workshop.ts';
import type { Reporter } from '../output/reporter.ts';
import { chooseModel } from './enhance-model.ts';

/** What `enlarger enhance` was asked for; paths are absolute. */
export interface EnhanceOptions {
  inputs: string[];
  out: string;
  /** An id; chosen by the scale where absent. */
  model?: string | undefined;
  /** Beside a model it must be that model's; 2 where neither was asked for. */
  scale?: number | undefined;
  /** 0..1; the model's own where absent. */
  strength?: number | undefined;
  variant: VariantId | 'auto';
  /** As `findDevices` takes it. */
  device: string;
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
  const { scale, strength } = options;
  const model = chooseModel(await ModelRegistry.read(modelFolders()), {
    model: options.model,
    scale,
    strength,
  });
  await using workshop = await openWorkshop(options, (message) => reporter.warn(message));
  const { engine, jobs, devices } = workshop;
  const { variant, device, workers, threads, tile } = options;
  const { plan, refused, notes } = await planOnDevice(
    model,
    { variant, device, workers, threads, tile, strength, signal },
    {
      devices,
      engine,
      variantOf: async (chosen) => (await chooseVariant(chosen, engine)).variant,
    },
  );
  for (const reason of refused) reporter.warn(reason);
  const recipe: Recipe = {
    out: options.out,
    plan,
    format: options.format,
    quality: options.quality,
    removeGps: options.removeGps,
    template: options.name,
    onCollision: options.onCollision,
  };
  const prepared = await prepareBatch(options.inputs, options.recursive, recipe, {
    engine,
    jobs,
    encoderMemory: encoderMemory(options.memoryBudget),
  });
  const batch = withNotes(prepared, notes);
  const batchId = await queueBatch(jobs, batch, 'cli');
  const { skipped } = batch;
  const { out } = recipe;
  reporter.started({
    batchId,
    out,
    plan,
    files: batch.files.length,
    skipped,
    notes: notesOf(batch),
    refused: batch.refused,
  });
  return await runBatches(workshop, [batchId], reporter, {
    sequential: options.sequential,
    tile: plan.tile,
    signal,
    counted: { skipped: skipped.length, failed: batch.refused.length },
    started,
  });
}

function notesOf({ files }: Batch): [note: string, count: number][] {
  const notes = files.flatMap((file) => file.notes);
  return [...Map.groupBy(notes, (note) => note)].map(([note, same]) => [note, same.length]);
}
