import { setTimeout } from 'node:timers/promises';
import type { Download } from '../../shared/contract/catalogue.ts';
import type {
  EngineStatus,
  EnlargerEvent,
  FileProgress,
  Notice,
  Offer,
  PageCommand,
} from '../../shared/contract/events.ts';
import type { Export } from '../../shared/contract/exports.ts';
import { EnlargerError } from '../../shared/errors.ts';
import type { JobStore } from '../jobs/job-store.ts';

/** Milliseconds between two messages: thirty a second are as many as a page can show. */
const INTERVAL = 33;
/** Beyond so many files a message says which batches to ask about instead. */
const MOST_FILES = 200;

/** What a feed asks of the journal. */
export type FeedJournal = Pick<JobStore, 'batch' | 'file'>;

/**
 * What one reader has not been told yet. Of everything that moves only the latest state is kept, so that a slow
 * reader costs no memory and misses nothing that is still true.
 */
export class EventFeed {
  readonly #journal: FeedJournal;
  readonly #batches = new Set<number>();
  readonly #cleared = new Set<number>();
  /** Files and their batches. */
  readonly #files = new Map<number, number>();
  readonly #reload = new Set<number>();
  readonly #progress = new Map<number, FileProgress>();
  readonly #obstacles = new Map<number, string | null>();
  readonly #notices: Notice[] = [];
  readonly #offers = new Map<number, Offer>();
  readonly #exports = new Map<number, Export>();
  readonly #downloads = new Map<string, Download>();
  readonly #commands = new Set<PageCommand>();
  #models = false;
  #engine: EngineStatus | undefined;
  #moved = Promise.withResolvers<void>();
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(journal: FeedJournal) {
    this.#journal = journal;
  }

  batches(ids: readonly number[]): void {
    for (const id of ids) this.#batches.add(id);
    this.#move();
  }

  cleared(ids: readonly number[]): void {
    for (const id of ids) {
      this.#batches.delete(id);
      this.#reload.delete(id);
      this.#obstacles.delete(id);
      this.#cleared.add(id);
    }
    this.#move();
  }

  file(fileId: number, batchId: number): void {
    this.#files.set(fileId, batchId);
    this.#move();
  }

  /** The file has ended: how far it was no longer matters. */
  fileEnded(fileId: number, batchId: number): void {
    this.#progress.delete(fileId);
    this.file(fileId, batchId);
  }

  reload(batchId: number): void {
    this.#reload.add(batchId);
    this.#move();
  }

  progress(files: readonly FileProgress[]): void {
    for (const file of files) {
      const dirty = union(this.#progress.get(file.fileId)?.dirty, file.dirty);
      this.#progress.set(file.fileId, { ...file, ...(dirty ? { dirty } : {}) });
    }
    this.#move();
  }

  engine(status: EngineStatus): void {
    this.#engine = status;
    this.#move();
  }

  obstacle(batchId: number, reason: string | null): void {
    this.#obstacles.set(batchId, reason);
    this.#move();
  }

  notice(notice: Notice): void {
    this.#notices.push(notice);
    this.#move();
  }

  offer(offer: Offer): void {
    this.#offers.set(offer.id, offer);
    this.#move();
  }

  /** Somebody has it: this reader need not hear of it any more. */
  offerTaken(id: number): void {
    this.#offers.delete(id);
  }

  export(state: Export): void {
    this.#exports.set(state.id, state);
    this.#move();
  }

  models(): void {
    this.#models = true;
    this.#move();
  }

  download(state: Download): void {
    this.#downloads.set(state.id, state);
    this.#move();
  }

  command(command: PageCommand): void {
    this.#commands.add(command);
    this.#move();
  }

  /** Yields what has moved, until `signal` aborts. One reader only. */
  async *read(signal: AbortSignal): AsyncGenerator<EnlargerEvent, void, void> {
    const aborted = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    while (!signal.aborted) {
      await Promise.race([this.#moved.promise, aborted]);
      const wait = this.#toldAt + INTERVAL - performance.now();
      if (wait > 0) await setTimeout(Math.ceil(wait), undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      this.#toldAt = performance.now();
      this.#moved = Promise.withResolvers();
      const event = await this.#take();
      if (Object.keys(event).length > 0) yield event;
    }
  }

  async #take(): Promise<EnlargerEvent> {
    const event: EnlargerEvent = {};
    if (this.#engine) event.engine = this.#engine;
    this.#engine = undefined;
    const progress = taken(this.#progress).map(([, file]) => file);
    if (progress.length > 0) event.progress = progress;
    const obstacles = taken(this.#obstacles).map(([batchId, reason]) => ({ batchId, reason }));
    if (obstacles.length > 0) event.obstacles = obstacles;
    const notices = this.#notices.splice(0);
    if (notices.length > 0) event.notices = notices;
    const offers = taken(this.#offers).map(([, offer]) => offer);
    if (offers.length > 0) event.offers = offers;
    const exports = taken(this.#exports).map(([, state]) => state);
    if (exports.length > 0) event.exports = exports;
    const downloads = taken(this.#downloads).map(([, state]) => state);
    if (downloads.length > 0) event.downloads = downloads;
    if (this.#models) event.models = true;
    this.#models = false;
    if (this.#commands.size > 0) event.commands = [...this.#commands];
    this.#commands.clear();
    const files = taken(this.#files);
    for (const [, batchId] of files.splice(MOST_FILES)) this.#reload.add(batchId);
    const reload = takenIds(this.#reload);
    if (reload.length > 0) event.reload = reload;
    const cleared = takenIds(this.#cleared);
    if (cleared.length > 0) event.cleared = cleared;
    const [records, batches] = await Promise.all([
      found(files.map(([id]) => this.#journal.file(id))),
      found(takenIds(this.#batches).map((id) => this.#journal.batch(id))),
    ]);
    if (records.length > 0) event.files = records;
    if (batches.length > 0) event.batches = batches;
    return event;
  }

  #move(): void {
    this.#moved.resolve();
  }
}

function taken<K, V>(map: Map<K, V>): [K, V][] {
  const entries = [...map];
  map.clear();
  return entries;
}

function takenIds(set: Set<number>): number[] {
  const ids = [...set];
  set.clear();
  return ids;
}

/** What is still there; what was removed meanwhile has been, or will be, told otherwise. */
async function found<T>(asked: Promise<T>[]): Promise<T[]> {
  const answers = await Promise.allSettled(asked);
  return answers.flatMap((answer) => {
    if (answer.status === 'fulfilled') return [answer.value];
    const { reason } = answer;
    const gone = reason instanceof EnlargerError && ['not-found', 'journal-broken'].includes(reason.code);
    if (!gone) throw reason;
    return [];
  });
}

type Rect = NonNullable<FileProgress['dirty']>;

/** The smallest rectangle around both. */
function union(a: Rect | undefined, b: Rect | undefined): Rect | undefined {
  if (!a || !b) return a ?? b;
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
  const right = Math.max(a.x + a.width, b.x + b.width);
  const bottom = Math.max(a.y + a.height, b.y + b.height);
  return { x, y, width: right - x, height: bottom - y };
}
