import { lstat, readdir, readFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { EnlargerError } from '../../shared/errors.ts';
import { type ModelManifest, manifestSchema } from '../../shared/models.ts';
import type { ModelFolders } from '../installation.ts';

/** Bytes of a manifest; those that ship have two thousand. */
const LARGEST_MANIFEST = 1_000_000;

/** Letters of a reason that are worth reading: a manifest may be wrong in a hundred thousand places. */
const LONGEST_REASON = 500;

export interface RegisteredModel {
  manifest: ModelManifest;
  /** Folder of the manifest and its weights. */
  folder: string;
  /** Whether it came with Enlarger, or was added by its user. */
  origin: 'shipped' | 'added';
}

/** The models of this installation and of its user, by id, and the manifests that could not be understood. */
export class ModelRegistry {
  readonly models: ReadonlyMap<string, RegisteredModel>;
  readonly problems: readonly EnlargerError[];

  private constructor(models: ReadonlyMap<string, RegisteredModel>, problems: readonly EnlargerError[]) {
    this.models = models;
    this.problems = problems;
  }

  /**
   * Reads every `<id>/manifest.json` below `folders`, or below one folder of models that ship. One bad manifest leaves
   * the others usable; of two models with one id the first counts, and those that ship come first. A model that is as it
   * was in `before` is the same object.
   */
  static async read(folders: string | ModelFolders, before?: ModelRegistry): Promise<ModelRegistry> {
    const { shipped, added } = typeof folders === 'string' ? { shipped: folders } : folders;
    const found = await readFolder(shipped, 'shipped');
    if (added !== undefined) found.push(...(await readFolder(added, 'added')));
    const models = new Map<string, RegisteredModel>();
    const problems: EnlargerError[] = [];
    for (const model of found) {
      if (model instanceof EnlargerError) {
        problems.push(model);
        continue;
      }
      const other = models.get(model.manifest.id);
      if (other) problems.push(sameId(model, other));
      else models.set(model.manifest.id, same(before?.models.get(model.manifest.id), model));
    }
    return new ModelRegistry(models, problems);
  }

  /** Throws what is wrong with the model in the folder `id`, or `bad-argument`, naming the ids there are. */
  get(id: string): RegisteredModel {
    const model = this.models.get(id);
    if (model) return model;
    const problem = this.problems.find(({ file }) => file && basename(dirname(file)) === id);
    if (problem) throw problem;
    if (extname(id).toLowerCase() === '.onnx') throw notAdded(id);
    const known = [...this.models.keys()].join(', ') || 'none';
    throw new EnlargerError('bad-argument', `There is no model '${id}'. Choose one of: ${known}.`);
  }
}

/** `old` where it is what `read` is. */
function same(old: RegisteredModel | undefined, read: RegisteredModel): RegisteredModel {
  return old !== undefined && isDeepStrictEqual(old, read) ? old : read;
}

async function readFolder(
  folder: string,
  origin: RegisteredModel['origin'],
): Promise<(RegisteredModel | EnlargerError)[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    // Nobody has added a model yet.
    if (origin === 'added' && (error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    const reason = error instanceof Error ? error.message : String(error);
    throw new EnlargerError('not-found', `${folder}: the models cannot be read (${reason}).`, {
      file: folder,
      cause: error,
    });
  });
  const models: (RegisteredModel | EnlargerError)[] = [];
  for (const entry of entries.sort((a, b) => a.name.localeCompare(b.name))) {
    // What begins with a dot is on its way in or out.
    if (!entry.isDirectory() || entry.name.startsWith('.')) continue;
    models.push(await readModel(join(folder, entry.name), origin));
  }
  return models;
}

async function readModel(
  folder: string,
  origin: RegisteredModel['origin'],
): Promise<RegisteredModel | EnlargerError> {
  const file = join(folder, 'manifest.json');
  try {
    await expectPlainFile(file, LARGEST_MANIFEST);
    const manifest = manifestSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    for (const entry of manifest.variants.flatMap(({ entries }) => entries)) {
      // One that is missing is reported when it is needed, as is one of other bytes.
      await expectPlainFile(join(folder, entry.file)).catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      });
    }
    return { manifest, folder, origin };
  } catch (error) {
    const words = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    const reason = words.replaceAll(/\s*\n\s*/g, ' ').slice(0, LONGEST_REASON);
    return new EnlargerError('model-invalid', `${file}: not a usable manifest. ${reason}`, { file });
  }
}

/** A link may lead out of the model's folder, and what is no file may never end. */
async function expectPlainFile(file: string, most = Number.POSITIVE_INFINITY): Promise<void> {
  const stats = await lstat(file);
  if (!stats.isFile())
    throw new Error(`${basename(file)} is not a plain file, but a link or something else.`);
  if (stats.size > most) throw new Error(`${basename(file)} has ${stats.size} bytes; ${most} are allowed.`);
}

function sameId({ manifest, folder }: RegisteredModel, other: RegisteredModel): EnlargerError {
  const file = join(folder, 'manifest.json');
  const message = `${file}: the model '${manifest.id}' is already in ${other.folder}. Remove one, or change its id.`;
  return new EnlargerError('model-invalid', message, { file });
}

function notAdded(file: string): EnlargerError {
  const message = `${file}: a file is no model yet. Add it with 'enlarger models add', then name it by its id.`;
  return new EnlargerError('bad-argument', message, { file });
}
