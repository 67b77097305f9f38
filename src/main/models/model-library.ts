import { mkdir } from 'node:fs/promises';
import type { EnlargerError } from '../../shared/errors.ts';
import type { ModelFolders } from '../installation.ts';
import { ModelRegistry, type RegisteredModel } from './model-registry.ts';
import { FolderWatch } from './watch-folders.ts';

/** The models as they are at the moment: what is added, changed or removed, by whichever process, is seen as it comes. */
export class ModelLibrary implements Disposable {
  readonly #folders: ModelFolders;
  readonly #watch: FolderWatch;
  readonly #listeners = new Set<() => void>();
  #registry: ModelRegistry;
  /** The reading that is going on, and those that wait for it. */
  #reading: Promise<void> = Promise.resolve();

  private constructor(folders: ModelFolders, registry: ModelRegistry) {
    this.#folders = folders;
    this.#registry = registry;
    const read = () => void this.refresh().catch(() => {});
    this.#watch = new FolderWatch([folders.shipped, folders.added], read);
  }

  /** Reads the models, and watches their folders until it is disposed of. Throws as `ModelRegistry.read`. */
  static async open(folders: ModelFolders): Promise<ModelLibrary> {
    // A folder has to be there to be watched; where it cannot be made, nothing can be added either.
    await mkdir(folders.added, { recursive: true }).catch(() => {});
    const library = new ModelLibrary(folders, await ModelRegistry.read(folders));
    await library.#watch.follow();
    return library;
  }

  get models(): ReadonlyMap<string, RegisteredModel> {
    return this.#registry.models;
  }

  get problems(): readonly EnlargerError[] {
    return this.#registry.problems;
  }

  /** As `ModelRegistry.get`. */
  get(id: string): RegisteredModel {
    return this.#registry.get(id);
  }

  /** Calls `listener` after every change; returns what ends that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Reads the models again; resolves once those are known that are there now. Throws as `ModelRegistry.read`. */
  refresh(): Promise<void> {
    const read = this.#reading.then(() => this.#read());
    this.#reading = read.catch(() => {});
    return read;
  }

  [Symbol.dispose](): void {
    this.#watch[Symbol.dispose]();
  }

  async #read(): Promise<void> {
    await this.#watch.follow();
    const before = this.#registry;
    const now = await ModelRegistry.read(this.#folders, before);
    this.#registry = now;
    if (!sameModels(before, now)) for (const listener of this.#listeners) listener();
  }
}

function sameModels(a: ModelRegistry, b: ModelRegistry): boolean {
  const words = ({ problems }: ModelRegistry) => problems.map(({ message }) => message).join('\n');
  const [before, now] = [[...a.models.values()], [...b.models.values()]];
  const kept = before.length === now.length && before.every((model, index) => model === now[index]);
  return kept && words(a) === words(b);
}
