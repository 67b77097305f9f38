import { mkdir, rm, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { type BatchRequest, PLAN_LISTS, type PlanSummary } from '../../shared/contract/batches.ts';
import type { RecipeWords } from '../../shared/contract/recipe.ts';
import { EnlargerError } from '../../shared/errors.ts';
import type { BatchRecord } from '../../shared/jobs.ts';
import type { VariantId } from '../../shared/models.ts';
import { checkTemplate } from '../../shared/name-template.ts';
import type { Plan } from '../../shared/plan.ts';
import { type Batch, type Means, prepareBatch, type Recipe, withNotes } from '../batch/prepare-batch.ts';
import { queueBatch } from '../batch/queue-batch.ts';
import type { Devices } from '../devices/devices.ts';
import { planOnDevice } from '../devices/plan-on-device.ts';
import type { JobStore } from '../jobs/job-store.ts';
import { defaultParallelism, describeMachine } from '../machine.ts';
import { chooseVariant } from '../models/choose-variant.ts';
import type { ModelRegistry, RegisteredModel } from '../models/model-registry.ts';
import { expectForPictures } from '../models/picture-model.ts';
import type { Places } from './places.ts';

interface Workplace extends Means {
  jobs: JobStore;
  places: Places;
  models: Pick<ModelRegistry, 'get'>;
  shell: BatchRecord['shell'];
  computing: Computing;
}

/** What networks are computed on. */
export interface Computing {
  devices: Devices;
  /** Tiles that the processor computes at once. */
  workers: number;
  /** What the user has chosen, as `findDevices` takes it. */
  device(): string;
}

/** What the journal keeps of a batch beside its recipe: what of Enlarger's own belongs to it. */
const ownedSchema = z.object({
  /** Ids of the uploads among its sources. */
  uploads: z.array(z.string()).default([]),
  /** True if its results lie in a folder of Enlarger's own. */
  kept: z.boolean().default(false),
});

/** What of Enlarger's own belongs to a batch with this recipe, whichever shell it came from. */
export function ownedBy(recipe: unknown): z.infer<typeof ownedSchema> {
  const parsed = ownedSchema.safeParse(recipe);
  return parsed.success ? parsed.data : { uploads: [], kept: false };
}

/** Makes batches of what pages ask for. */
export class BatchMaker {
  readonly #workplace: Workplace;
  /** What the self-test has found, by model: it holds as long as the machine is the same. */
  readonly #variants = new WeakMap<RegisteredModel, Promise<VariantId>>();

  constructor(workplace: Workplace) {
    this.#workplace = workplace;
  }

  /** What `create` would do. Folders that were made to try them out are removed again. */
  async plan(request: BatchRequest): Promise<PlanSummary> {
    const { path, kept } = await this.#workplace.places.out(request.out);
    const made = await mkdir(path, { recursive: true }).catch(() => undefined);
    try {
      const batch = await this.#prepare(request, path);
      return summaryOf(batch, kept ? null : path);
    } finally {
      await removeMade(path, made);
    }
  }

  /** Resolves to the id of the batch, which is in the journal then. */
  async create(request: BatchRequest): Promise<number> {
    const { places, jobs, shell } = this.#workplace;
    const { path, kept } = await places.out(request.out);
    const uploads = request.inputs.flatMap((input) => (input.kind === 'upload' ? [input.id] : []));
    try {
      const batch = await this.#prepare(request, path);
      // All of the recipe goes into the journal, and these with it.
      const recipe = { ...batch.recipe, uploads, kept };
      return await queueBatch(jobs, { ...batch, recipe }, shell);
    } catch (error) {
      if (kept) await rm(path, { recursive: true, force: true });
      throw error;
    }
  }

  async #prepare({ inputs, recipe: words }: BatchRequest, out: string): Promise<Batch> {
    const { places } = this.#workplace;
    checkTemplate(words.name);
    const found = await Promise.all(inputs.map((input) => places.input(input)));
    const { plan, notes } = await this.#plan(words);
    const recipe = this.#recipe(words, out, plan);
    const batch = withNotes(await prepareBatch(found, words.recursive, recipe, this.#workplace), notes);
    const { files, skipped, refused } = await this.#withoutForeign(batch);
    if (files.length + skipped.length + refused.length > 0) return { ...batch, files, skipped, refused };
    throw new EnlargerError('not-found', 'There are no pictures in what was chosen. Choose something else.');
  }

  /** How this machine would enlarge pictures by this recipe. Throws for a model that there is not. */
  async planOf(words: RecipeWords): Promise<Plan> {
    return (await this.#plan(words)).plan;
  }

  async #plan({
    model: modelId,
    variant,
    tile,
    strength,
  }: RecipeWords): Promise<{ plan: Plan; notes: string[] }> {
    const { models, engine, computing } = this.#workplace;
    const model = models.get(modelId);
    expectForPictures(model);
    const { threads } = defaultParallelism(describeMachine());
    const { devices, workers } = computing;
    return planOnDevice(
      model,
      { variant, threads, tile, strength, workers, device: computing.device() },
      { devices, engine, variantOf: (chosen) => this.#variant(chosen) },
    );
  }

  #recipe(words: RecipeWords, out: string, plan: Plan): Recipe {
    return {
      out,
      plan,
      format: words.format,
      quality: words.quality,
      removeGps: words.removeGps,
      template: words.name,
      onCollision: words.onCollision,
    };
  }

  #variant(model: RegisteredModel): Promise<VariantId> {
    const known = this.#variants.get(model);
    if (known) return known;
    const chosen = chooseVariant(model, this.#workplace.engine).then(({ variant }) => variant);
    this.#variants.set(model, chosen);
    // A test that failed, perhaps with its engine, is made again.
    chosen.catch(() => this.#variants.delete(model));
    return chosen;
  }

  /** A link may lead where the page has no business: what is behind it is refused, by its name. */
  async #withoutForeign(batch: Batch): Promise<Pick<Batch, 'files' | 'skipped' | 'refused'>> {
    const { places } = this.#workplace;
    const refused = [...batch.refused];
    const within = async <T>(list: readonly T[], sourceOf: (item: T) => string) => {
      const kept: T[] = [];
      for (const item of list) {
        const source = sourceOf(item);
        if (await places.allows(source)) kept.push(item);
        else refused.push(foreign(source));
      }
      return kept;
    };
    const files = await within(batch.files, ({ source }) => source.path);
    const skipped = await within(batch.skipped, ({ source }) => source);
    return { files, skipped, refused };
  }
}

function summaryOf({ recipe, files, skipped, refused }: Batch, out: string | null): PlanSummary {
  const { scale, modelId } = recipe.plan;
  return {
    out,
    model: modelId,
    scale,
    counts: { files: files.length, skipped: skipped.length, refused: refused.length },
    pixels: files.reduce((sum, { probe }) => sum + probe.width * probe.height * scale * scale, 0),
    files: files.slice(0, PLAN_LISTS).map(({ source, target, format, notes, probe: { width, height } }) => ({
      source: source.path,
      target,
      format,
      notes,
      size: { width, height },
      resultSize: { width: width * scale, height: height * scale },
    })),
    skipped: skipped.slice(0, PLAN_LISTS),
    refused: refused.slice(0, PLAN_LISTS).map((error) => error.toJSON()),
  };
}

/** Removes the empty folders from `path` up to `made`, the first that was not there before. */
async function removeMade(path: string, made: string | undefined): Promise<void> {
  if (made === undefined) return;
  for (let folder = path; folder.length >= made.length; folder = dirname(folder)) {
    if (
      !(await rmdir(folder).then(
        () => true,
        () => false,
      ))
    )
      return;
  }
}

function foreign(source: string): EnlargerError {
  const reason = `${source}: a link that leads out of the folder that was opened. Add what it leads to instead.`;
  return new EnlargerError('permission-denied', reason, { file: source });
}
