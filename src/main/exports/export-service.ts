import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { MessageChannel } from 'node:worker_threads';
import type { Export, ExportRequest } from '../../shared/contract/exports.ts';
import { EnlargerError } from '../../shared/errors.ts';
import { safeName } from '../../shared/name-template.ts';
import type { EventHub } from '../application/event-hub.ts';
import type { Places } from '../application/places.ts';
import type { ExportTask } from '../worker/exports-part.ts';
import type { MainWorker } from '../worker/start-main-worker.ts';
import type { Selection } from './chosen-results.ts';
import { CopyExport } from './copy-export.ts';
import { DownloadExport } from './download-export.ts';
import { receiveZip } from './zip-line.ts';

interface Means {
  worker: MainWorker;
  places: Pick<Places, 'out'>;
  /** Is told how far each export is. */
  hub: Pick<EventHub, 'export'>;
  shell: 'desktop' | 'web';
  /** Folder in which it is noted what is being written. */
  notes: string;
}

/** A ZIP to be sent. Whoever does not read it to its end destroys it. */
export interface SentZip {
  body: Readable;
  /** Of the whole ZIP, where they are known. */
  bytes: number | undefined;
}

type CopyTarget = Exclude<ExportRequest['to'], { kind: 'download' }>;

/** Copies results to where pages want them. The work is that of main's worker thread. */
export class ExportService {
  readonly #means: Means;
  readonly #running = new Map<number, CopyExport | DownloadExport>();
  /** Folders and ZIPs that exports have ended in, by the export's id. */
  readonly #targets = new Map<number, string>();
  #nextId = 1;

  private constructor(means: Means) {
    this.#means = means;
  }

  /** Removes what an earlier run was killed over, first. */
  static async open(means: Means): Promise<ExportService> {
    await means.worker.ask('removeExportLeftovers', { notes: means.notes });
    return new ExportService(means);
  }

  /**
   * Begins an export. Throws `not-found` where none of the results is there, and why the folder cannot be written to;
   * what is met later is told in the export's state.
   */
  async create({ what, to }: ExportRequest): Promise<Export> {
    const running = to.kind === 'download' ? await this.#download(what) : await this.#copy(what, to);
    const { id } = running.state;
    this.#running.set(id, running);
    void running.ended.then(() => {
      this.#running.delete(id);
      const { target, state } = running.state;
      if (target !== null && (state === 'done' || to.kind === 'folder')) this.#targets.set(id, target);
    });
    return running.state;
  }

  /** Stops an export; nothing half-written is left when this resolves. One that has ended stays as it is. */
  async cancel(id: number): Promise<void> {
    if (id < 1 || id >= this.#nextId) {
      throw new EnlargerError('not-found', `There is no export ${id} in this run of Enlarger.`);
    }
    await this.#running.get(id)?.cancel();
  }

  /** The folder or ZIP that an export has ended in. Throws `not-found`. */
  target(id: number): string {
    const target = this.#targets.get(id);
    if (target !== undefined) return target;
    throw new EnlargerError('not-found', 'This export has left nothing to show. Export the results again.');
  }

  /** The ZIP of an export to `download`, which can be fetched once. Throws `not-found`. */
  download(id: number): Pick<DownloadExport, 'begin' | 'bytes'> {
    const running = this.#running.get(id);
    if (running instanceof DownloadExport && !running.begun) return running;
    throw new EnlargerError('not-found', 'This download is over. Export the results again.');
  }

  /** Results as one ZIP that no export is told of. Throws `not-found` where none is there. */
  async zip(what: Selection): Promise<SentZip> {
    const { port, bytes } = await this.#openZip(what);
    return { body: receiveZip(port, bytes, () => {}), bytes };
  }

  /** Cancels what is running. */
  async close(): Promise<void> {
    await Promise.all(this.#running.values().map((running) => running.cancel()));
  }

  async #copy(what: Selection, to: CopyTarget): Promise<CopyExport> {
    const { worker, places, hub, notes } = this.#means;
    const { path: out, kept } = await places.out(to.out);
    if (kept) {
      throw new EnlargerError('bad-argument', 'Results are exported to a folder of yours. Choose one.');
    }
    const task = taskOf(to);
    const target = task.kind === 'zip' ? join(out, task.name) : out;
    const identity = { id: this.#nextId++, kind: to.kind, target };
    return CopyExport.start(worker, { what, out, notes, to: task }, identity, (state) => hub.export(state));
  }

  async #download(what: Selection): Promise<DownloadExport> {
    if (this.#means.shell !== 'web') {
      throw new EnlargerError('bad-argument', 'Downloads are for browsers. Export to a folder or a ZIP.');
    }
    const opened = await this.#openZip(what);
    return new DownloadExport(this.#nextId++, opened, (state) => this.#means.hub.export(state));
  }

  async #openZip(what: Selection) {
    const { port1: port, port2 } = new MessageChannel();
    const opened = await this.#means.worker.ask('openZip', { what, port: port2 }, [port2]);
    return { ...opened, port };
  }
}

function taskOf(to: CopyTarget): ExportTask['to'] {
  if (to.kind === 'zip') return { kind: 'zip', name: zipName(to.name) };
  return { kind: 'folder', onCollision: to.onCollision };
}

/** A name that every file system takes, and that says what it is. */
function zipName(name: string): string {
  const stem = name.replace(/\.zip$/i, '').trim() || 'enlarged';
  return safeName(`${stem}.zip`, 'zip');
}
