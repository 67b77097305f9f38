import type { CatalogueEntry } from '../../shared/catalogue.ts';
import type { Download, OfferedModels } from '../../shared/contract/catalogue.ts';
import { EnlargerError } from '../../shared/errors.ts';
import { ModelDownload, type ModelDownloadMeans } from './model-download.ts';
import { offeredModels } from './offered-models.ts';
import { bytesInPart, PartFile } from './part-file.ts';

interface Means extends ModelDownloadMeans {
  entries: readonly CatalogueEntry[];
}

/** The models that can be downloaded, and the downloads of this program. Nothing is fetched unless `download` is called. */
export class CatalogueService {
  readonly #means: Means;
  readonly #entries: ReadonlyMap<string, CatalogueEntry>;
  /** Downloads that are about to begin: they can neither be begun twice nor escape from who stops them. */
  readonly #beginning = new Map<string, Promise<ModelDownload>>();
  readonly #running = new Map<string, ModelDownload>();
  /** The last download of each model, however it ended. */
  readonly #last = new Map<string, ModelDownload>();

  constructor(means: Means) {
    this.#means = means;
    this.#entries = new Map(means.entries.map((entry) => [entry.id, entry]));
  }

  /** In the order of the catalogue. */
  async list(): Promise<OfferedModels> {
    const { folder, intake } = this.#means;
    const running = (id: string) => this.#running.get(id)?.state;
    const models = await offeredModels(this.#entries.values(), { folder, has: intake.has, running });
    return { offline: this.#means.gate.closed ?? null, models };
  }

  /**
   * Begins a download, or joins one that goes on. Throws, in this order: `bad-argument` for an id that is not in the
   * catalogue, `offline` before anything touches the network, `licence-not-accepted`, `collision` where the model is installed;
   * then `in-use`, `disk-full`, or what keeps the state folder from being written. What is met later is told in the
   * download's state.
   */
  async download({ id, licenceAccepted }: { id: string; licenceAccepted: boolean }): Promise<Download> {
    const entry = this.#expect(id);
    this.#means.gate.expectOpen(id);
    if (!licenceAccepted) throw licenceMissing(entry);
    if (this.#means.intake.has(id)) {
      const advice = 'To download it again, remove it first.';
      throw new EnlargerError('collision', `${id}: there is a model of this name already. ${advice}`);
    }
    const going = this.#running.get(id) ?? (await (this.#beginning.get(id) ?? this.#begin(entry)));
    return going.state;
  }

  /** How the last download of a model ended, as soon as it has; undefined where none was begun. */
  async ended(id: string): Promise<Download | undefined> {
    const last = this.#last.get(id);
    await last?.ended;
    return last?.state;
  }

  /**
   * Stops a download; without `keep`, what arrived of it now or earlier is removed. Throws `bad-argument`, and `in-use` where
   * what is to be removed belongs to a download of another program.
   */
  async cancel({ id, keep }: { id: string; keep: boolean }): Promise<void> {
    const { address } = this.#expect(id);
    const { folder } = this.#means;
    const running = await this.#going(id);
    if (running) await running.cancel(keep);
    else if (!keep && (await bytesInPart(folder, id)) > 0) {
      await using part = await PartFile.open(folder, id, address);
      await part.empty();
    }
  }

  /** Stops every download where the gate is closed by now; what has arrived stays. */
  async obeyGate(): Promise<void> {
    const { closed } = this.#means.gate;
    if (closed === undefined) return;
    await this.#stopAll((id) => new EnlargerError('offline', `${id}: stopped. ${closed}`));
  }

  /** Stops everything; what has arrived stays. */
  async close(): Promise<void> {
    await this.#stopAll();
  }

  #begin(entry: CatalogueEntry): Promise<ModelDownload> {
    const { id } = entry;
    const begin = async () => {
      try {
        const download = await ModelDownload.begin(entry, this.#means);
        this.#running.set(id, download);
        this.#last.set(id, download);
        void download.ended.then(() => this.#running.delete(id));
        this.#means.tell(download.state);
        return download;
      } finally {
        this.#beginning.delete(id);
      }
    };
    const beginning = begin();
    this.#beginning.set(id, beginning);
    return beginning;
  }

  /** The download that goes on, also where it only begins. Why one cannot begin is told to who began it. */
  async #going(id: string): Promise<ModelDownload | undefined> {
    await this.#beginning.get(id)?.catch(() => {});
    return this.#running.get(id);
  }

  async #stopAll(reason?: (id: string) => EnlargerError): Promise<void> {
    const ids = new Set([...this.#beginning.keys(), ...this.#running.keys()]);
    const stop = async (id: string) => (await this.#going(id))?.cancel(true, reason?.(id));
    await Promise.all([...ids].map(stop));
  }

  #expect(id: string): CatalogueEntry {
    const entry = this.#entries.get(id);
    if (entry) return entry;
    const known = [...this.#entries.keys()].join(', ') || 'none';
    throw new EnlargerError(
      'bad-argument',
      `There is no model '${id}' in the catalogue. Choose one of: ${known}.`,
    );
  }
}

function licenceMissing({ id, licence }: CatalogueEntry): EnlargerError {
  const message = `${id}: its licence is ${licence.id} (${licence.text}). Read it, and accept it to download the model.`;
  return new EnlargerError('licence-not-accepted', message);
}
