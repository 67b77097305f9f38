import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ExaminedModel, ModelChange, SaidOfModel } from '../../../shared/contract/models.ts';
import { cancelledError } from '../../../shared/errors.ts';
import type { EngineHost } from '../../engine/engine-host.ts';
import type { ModelFolders } from '../../installation.ts';
import { ModelRegistry, type RegisteredModel } from '../model-registry.ts';
import { ModelTrials } from '../trials/model-trials.ts';
import { Turns } from '../turns.ts';
import { type BroughtFile, copyBrought, nameOf, sizeOfBrought } from './brought-file.ts';
import { changedManifest, expectSameUse, isOnlyWords } from './change-manifest.ts';
import { editManifest } from './edit-manifest.ts';
import { enterModel, weightsName } from './enter-model.ts';
import { lockManifest } from './manifest-lock.ts';
import { idFor, titleFor } from './model-names.ts';
import { answered, proposeManifest } from './propose-manifest.ts';
import { removeFolder, removeLeftovers, Staging } from './staging.ts';
import { storeFailure } from './store-failure.ts';
import { expectNew, expectOwn, expectUnused, idTaken, takenIn, type UnfinishedWork } from './store-rules.ts';

export interface StoreOptions {
  folders: ModelFolders;
  /** Where models are examined and tried. */
  host: EngineHost;
  /** What has use for models. */
  jobs: UnfinishedWork;
  /** SHA-256 of a file, in hexadecimal. */
  hash(path: string): Promise<string>;
  /** Milliseconds that one examination or trial may take; ten minutes unless told. */
  limit?: number;
}

/**
 * The models that a user has added. Whatever dies, and whenever: a model is there as a whole, or not at all. Networks are
 * examined and tried one after the other, with which nothing else has to wait.
 */
export class ModelStore {
  readonly #options: StoreOptions;
  readonly #trials: ModelTrials;
  readonly #turns = new Turns();
  readonly #closing = new AbortController();
  readonly #work = new Set<Promise<unknown>>();

  private constructor(options: StoreOptions) {
    this.#options = options;
    this.#trials = new ModelTrials(options.host, options.limit);
  }

  /** Removes what was left of models on their way in or out. */
  static async open(options: StoreOptions): Promise<ModelStore> {
    await removeLeftovers(options.folders.added);
    return new ModelStore(options);
  }

  /**
   * What a file is, and the manifest that it would get. Leaves nothing behind. Throws `model-invalid` for what is no
   * network for pictures, `collision` for one that is here already.
   */
  examine(file: BroughtFile, signal?: AbortSignal): Promise<ExaminedModel> {
    return this.#inTurn(signal, async (added, ended) => {
      const name = nameOf(file);
      const bytes = await sizeOfBrought(file);
      const sha256 = await this.#options.hash(file.path);
      const registry = await this.#registry();
      expectNew(registry, sha256, name);
      await using staging = await Staging.open(added);
      await using trial = this.#trials.begin({ name, room: staging.room, signal: ended });
      const findings = await trial.examine(file, sha256);
      if (findings.converted) expectNew(registry, findings.converted.sha256, name);
      const about = aboutFile(name, takenIn(registry));
      const weights = { file: weightsName(about.id), ...(findings.converted ?? { sha256, bytes }) };
      return { findings, manifest: proposeManifest(findings, about, weights) };
    });
  }

  /**
   * Adds a file as a model, once a small picture has been enlarged with it. Throws as `examine`, `collision` for an id that
   * is taken, `bad-argument` for what is said of it and makes no sense, and what the trial fails of.
   */
  add(file: BroughtFile, said: SaidOfModel = {}, signal?: AbortSignal): Promise<RegisteredModel> {
    return this.#inTurn(signal, async (added, ended) => {
      const name = nameOf(file);
      const { id: wanted, answers = {}, change = {} } = said;
      await sizeOfBrought(file);
      const registry = await this.#registry();
      const isTaken = takenIn(registry);
      if (wanted !== undefined && isTaken(wanted)) throw idTaken(wanted);
      await using staging = await Staging.open(added);
      await using trial = this.#trials.begin({ name, room: staging.room, signal: ended });
      // What is examined is what is kept, whatever becomes of the file meanwhile.
      const copy = join(staging.room, 'brought.onnx');
      await copyBrought(file, copy);
      const sha256 = await this.#options.hash(copy);
      expectNew(registry, sha256, name);
      const findings = await trial.examine({ path: copy, folder: file.folder }, sha256);
      if (findings.converted) expectNew(registry, findings.converted.sha256, name);
      const weights = findings.converted ?? { sha256, bytes: (await stat(copy)).size };
      const found = answered(findings, answers);
      const tries = new Set<string>();
      const nextId = () => {
        if (wanted !== undefined && tries.has(wanted)) throw idTaken(wanted);
        const id = wanted ?? idFor(name, (other) => tries.has(other) || isTaken(other));
        tries.add(id);
        return id;
      };
      const manifest = (id: string) => {
        const about = { ...aboutFile(name, isTaken), id };
        return changedManifest(proposeManifest(found, about, { file: weightsName(id), ...weights }), change);
      };
      const expectWorks = (model: RegisteredModel) => trial.run(model, change.tile !== undefined);
      const onnx = findings.converted ? trial.converted : copy;
      return await enterModel({ staging, weights: onnx, findings, nextId, manifest, expectWorks }, added);
    });
  }

  /**
   * Changes what the manifest of an added model says. What says how it is run is tried first: if that fails, all stays as
   * it was. Throws `bad-argument` for a model that there is not, what the trial fails of, and `in-use` if another has changed
   * meanwhile how it is run.
   */
  change(id: string, change: ModelChange, signal?: AbortSignal): Promise<RegisteredModel> {
    return this.#until(signal, async (added, ended) => {
      const model = (await this.#registry()).get(id);
      expectOwn(model);
      const changed = { ...model, manifest: changedManifest(model.manifest, change) };
      const onlyWords = isOnlyWords(change);
      if (!onlyWords) await this.#turns.take(() => this.#try(changed, change, added, ended), ended);
      const manifest = await editManifest(model, (now) => {
        if (!onlyWords) expectSameUse(model.manifest, now);
        return changedManifest(now, change);
      });
      return { ...model, manifest };
    });
  }

  /** Removes an added model. Throws `in-use` while a batch that is not over needs it, `bad-argument` where there is none. */
  remove(id: string): Promise<void> {
    return this.#until(undefined, async (added) => {
      const folder = await this.#folderOf(id, added);
      await using _ = await lockManifest(folder, id);
      await expectUnused(this.#options.jobs, id);
      await removeFolder(folder, added);
    });
  }

  /** Cancels what is being done; resolves once nothing is left of it. All that is asked from then on fails with `cancelled`. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#work);
  }

  async #try(model: RegisteredModel, change: ModelChange, added: string, signal: AbortSignal): Promise<void> {
    await using staging = await Staging.open(added);
    await using trial = this.#trials.begin({ name: model.manifest.id, room: staging.room, signal });
    await trial.run(model, change.tile !== undefined);
  }

  /** The folder of an added model; of one, too, whose manifest is broken. */
  async #folderOf(id: string, added: string): Promise<string> {
    const registry = await this.#registry();
    const model = registry.models.get(id);
    if (model?.origin === 'added') return model.folder;
    const broken = registry.problems.find(({ file }) => file === join(added, id, 'manifest.json'));
    if (broken && basename(id) === id) return join(added, id);
    expectOwn(registry.get(id));
    throw idTaken(id);
  }

  #registry(): Promise<ModelRegistry> {
    return ModelRegistry.read(this.#options.folders);
  }

  /** Does `act` when it is its turn to have the machine for a trial. */
  #inTurn<T>(signal: AbortSignal | undefined, act: Act<T>): Promise<T> {
    return this.#until(signal, (added, ended) => this.#turns.take(() => act(added, ended), ended));
  }

  /** Does `act`, which ends if `signal` is aborted, or this store is closed. */
  #until<T>(signal: AbortSignal | undefined, act: Act<T>): Promise<T> {
    const { added } = this.#options.folders;
    const ended = AbortSignal.any([this.#closing.signal, ...(signal ? [signal] : [])]);
    const work = async () => {
      if (ended.aborted) throw cancelledError();
      try {
        return await act(added, ended);
      } catch (error) {
        throw storeFailure(error, added);
      }
    };
    const done = work().finally(() => this.#work.delete(done));
    this.#work.add(done);
    return done;
  }
}

/** What is done in the folder `added`, until `ended` is aborted. */
type Act<T> = (added: string, ended: AbortSignal) => Promise<T>;

/** What a file's name says of its model. */
function aboutFile(path: string, isTaken: (id: string) => boolean) {
  const name = basename(path);
  return { id: idFor(name, isTaken), title: titleFor(name), licence: 'unknown', source: name };
}
