import { basename, dirname } from 'node:path';
import type { Input } from '../../shared/contract/input.ts';
import type { ExaminedModel, ModelChange, SaidOfModel } from '../../shared/contract/models.ts';
import { recipeSchema } from '../../shared/contract/recipe.ts';
import type { ModelLibrary } from '../models/model-library.ts';
import type { RegisteredModel } from '../models/model-registry.ts';
import type { BroughtFile } from '../models/store/brought-file.ts';
import type { ModelStore } from '../models/store/model-store.ts';
import type { Places } from './places.ts';
import type { SettingsFile } from './settings-file.ts';

interface Means {
  store: ModelStore;
  library: ModelLibrary;
  places: Places;
  settings: SettingsFile;
}

/** What a page does with the models of its user. A call is answered when all pages can see what came of it. */
export class UserModels {
  readonly #means: Means;

  constructor(means: Means) {
    this.#means = means;
  }

  async examine(source: Input, signal?: AbortSignal): Promise<ExaminedModel> {
    return this.#means.store.examine(await this.#file(source), signal);
  }

  async add(source: Input, said: SaidOfModel, signal?: AbortSignal): Promise<RegisteredModel> {
    const { store, library, places } = this.#means;
    const model = await store.add(await this.#file(source), said, signal);
    // The model has its own copy.
    if (source.kind === 'upload') await places.uploads?.remove([source.id]);
    await library.refresh();
    return model;
  }

  async change(id: string, change: ModelChange, signal?: AbortSignal): Promise<RegisteredModel> {
    const model = await this.#means.store.change(id, change, signal);
    await this.#means.library.refresh();
    return model;
  }

  /** The next batch is not to begin with a model that is gone. */
  async remove(id: string): Promise<void> {
    const { store, library, settings } = this.#means;
    await store.remove(id);
    const { model: _, strength: __, ...recipe } = settings.get().recipe;
    if (settings.get().recipe.model === id) await settings.set({ recipe: recipeSchema.parse(recipe) });
    await library.refresh();
  }

  /** An upload lies alone, where its user has never been: only its name means something. Others may lie beside a file. */
  async #file(source: Input): Promise<BroughtFile> {
    const { places } = this.#means;
    const { path } = await places.input(source);
    if (source.kind === 'upload') return { path, name: basename(path) };
    const folder = dirname(path);
    // A link may lead out of what may be browsed and back.
    return source.kind === 'path' && !(await places.allows(folder)) ? { path } : { path, folder };
  }
}
