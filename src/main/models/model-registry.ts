import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { EnlargerError } from '../../shared/errors.ts';
import { type ModelManifest, manifestSchema } from '../../shared/models.ts';

export interface RegisteredModel {
  manifest: ModelManifest;
  /** Folder of the manifest and its weights. */
  folder: string;
}

/** The models of this installation, by id, and the manifests that could not be understood. */
export class ModelRegistry {
  readonly models: ReadonlyMap<string, RegisteredModel>;
  readonly problems: readonly EnlargerError[];

  private constructor(models: ReadonlyMap<string, RegisteredModel>, problems: readonly EnlargerError[]) {
    this.models = models;
    this.problems = problems;
  }

  /** Reads every `<id>/manifest.json` below `folder`. One bad manifest leaves the others usable. */
  static async read(folder: string): Promise<ModelRegistry> {
    const models = new Map<string, RegisteredModel>();
    const problems: EnlargerError[] = [];
    const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new EnlargerError('not-found', `${folder}: the models cannot be read (${reason}).`, {
        file: folder,
        cause: error,
      });
    });
    for (const entry of entries.sort((a, b) => a.name.localeCompare(b.name))) {
      if (!entry.isDirectory()) continue;
      const model = await readModel(join(folder, entry.name));
      if (model instanceof EnlargerError) problems.push(model);
      else models.set(model.manifest.id, model);
    }
    return new ModelRegistry(models, problems);
  }

  /** Throws what is wrong with the model in the folder `id`, or `bad-argument`, naming the ids there are. */
  get(id: string): RegisteredModel {
    const model = this.models.get(id);
    if (model) return model;
    const problem = this.problems.find(({ file }) => file && basename(dirname(file)) === id);
    if (problem) throw problem;
    const known = [...this.models.keys()].join(', ') || 'none';
    throw new EnlargerError('bad-argument', `There is no model '${id}'. Choose one of: ${known}.`);
  }
}

async function readModel(folder: string): Promise<RegisteredModel | EnlargerError> {
  const file = join(folder, 'manifest.json');
  try {
    return { manifest: manifestSchema.parse(JSON.parse(await readFile(file, 'utf8'))), folder };
  } catch (error) {
    const words = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    const reason = words.replaceAll(/\s*\n\s*/g, ' ');
    return new EnlargerError('model-invalid', `${file}: not a usable manifest. ${reason}`, { file });
  }
}
