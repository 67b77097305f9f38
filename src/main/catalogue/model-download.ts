import type { CatalogueEntry } from '../../shared/catalogue.ts';
import type { Download } from '../../shared/contract/catalogue.ts';
import { asEnlargerError, cancelledError, type EnlargerError } from '../../shared/errors.ts';
import { expectRoom } from './disk-room.ts';
import { type DownloadLimits, FileDownload, wrongFile } from './download-file.ts';
import type { NetworkGate } from './network-gate.ts';
import { PartFile } from './part-file.ts';
import { refusedByExamination } from './refused-by-examination.ts';

/** Where models go that were downloaded. */
export interface ModelIntake {
  /** Whether a model of this id is installed. */
  has: (id: string) => boolean;
  /** Installs the ONNX file `file`, which stays where it is, as the model that `entry` describes. Throws why it cannot. */
  add: (file: string, entry: CatalogueEntry, signal: AbortSignal) => Promise<void>;
}

export interface ModelDownloadMeans {
  gate: NetworkGate;
  /** Folder of what has arrived of files. */
  folder: string;
  /** SHA-256 of a file, computed elsewhere than on this thread. */
  hash: (path: string) => Promise<string>;
  intake: ModelIntake;
  limits: DownloadLimits;
  /** Is told whenever something moves; it comes for every piece that arrives. */
  tell: (download: Download) => void;
}

type End = Pick<Download, 'state' | 'error'>;

function endOf(error: unknown): End {
  const typed = asEnlargerError(error, 'internal');
  return typed.code === 'cancelled' ? { state: 'cancelled' } : { state: 'failed', error: typed.toJSON() };
}

/** One model on its way from its host to the models that are installed. */
export class ModelDownload {
  readonly #entry: CatalogueEntry;
  readonly #means: ModelDownloadMeans;
  readonly #abort = new AbortController();
  #state: Download;
  #keep = true;
  /** Resolves once it is over and told; it never rejects. */
  readonly ended: Promise<void>;

  private constructor(entry: CatalogueEntry, part: PartFile, means: ModelDownloadMeans) {
    this.#entry = entry;
    this.#means = means;
    this.#state = {
      id: entry.id,
      state: 'downloading',
      bytesDone: part.bytes,
      bytesTotal: entry.bytes,
    };
    this.ended = this.#run(part);
  }

  /** Begins, with what an earlier download has left. Throws `in-use`, `disk-full`, or what keeps the folder from being written. */
  static async begin(entry: CatalogueEntry, means: ModelDownloadMeans): Promise<ModelDownload> {
    await using stack = new AsyncDisposableStack();
    const part = stack.use(await PartFile.open(means.folder, entry.id, entry.address));
    const whole = entry.bytes;
    await expectRoom(entry.id, means.folder, { missing: Math.max(0, whole - part.bytes), whole });
    stack.move();
    return new ModelDownload(entry, part, means);
  }

  get state(): Download {
    return this.#state;
  }

  /** Stops it; resolves once nothing of it goes on. `keep`: what has arrived stays. */
  async cancel(keep: boolean, reason?: EnlargerError): Promise<void> {
    this.#keep = keep;
    this.#abort.abort(reason);
    await this.ended;
  }

  async #run(part: PartFile): Promise<void> {
    let end: End = await this.#fetch(part).then(() => ({ state: 'done' }), endOf);
    try {
      if (end.state === 'done' || !this.#keep) await part.empty();
    } catch (error) {
      end = endOf(error);
    }
    await part[Symbol.asyncDispose]().catch((error: unknown) => {
      end = endOf(error);
    });
    this.#tell(end);
  }

  async #fetch(part: PartFile): Promise<void> {
    const { gate, limits, hash, intake } = this.#means;
    const { sha256 } = this.#entry;
    const { signal } = this.#abort;
    const onProgress = (bytesDone: number) => this.#tell({ bytesDone });
    await new FileDownload(this.#entry, part, { gate, limits, signal, onProgress }).run();
    await part.sync();
    this.#tell({ state: 'checking' });
    const found = await hash(part.path);
    if (found !== sha256) {
      await part.empty();
      const reason = `has other contents than the catalogue says (SHA-256 ${found.slice(0, 12)}…, not ${sha256.slice(0, 12)}…)`;
      throw wrongFile(this.#entry, reason);
    }
    if (signal.aborted) throw cancelledError(signal);
    await this.#add(part, intake);
  }

  async #add(part: PartFile, intake: ModelIntake): Promise<void> {
    try {
      await intake.add(part.path, this.#entry, this.#abort.signal);
    } catch (error) {
      // Downloaded once more it would be the same file.
      if (refusedByExamination(error)) await part.empty();
      throw error;
    }
  }

  #tell(change: Partial<Download>): void {
    this.#state = { ...this.#state, ...change };
    this.#means.tell(this.#state);
  }
}
