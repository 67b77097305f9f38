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
import type { Offered } from '../../shared/contract/input.ts';
import type { JobProgress } from '../../shared/engine-protocol.ts';
import type { FileEvent } from '../batch/file-event.ts';
import { EventFeed, type FeedJournal } from './event-feed.ts';

/** Notices that are kept for pages that open later. */
const MOST_NOTICES = 50;
/** Exports that have ended and are still told to pages that open. */
const MOST_ENDED = 20;

/** Tells every reader what moves, and each new one what is the case. */
export class EventHub {
  readonly #journal: FeedJournal;
  readonly #feeds = new Set<EventFeed>();
  readonly #inWork = new Map<number, FileProgress>();
  readonly #obstacles = new Map<number, string>();
  readonly #notices: Notice[] = [];
  #engine: EngineStatus = { state: 'starting', generation: 0 };
  readonly #offers = new Map<number, Offer>();
  readonly #exports = new Map<number, Export>();
  /** Those that go on. */
  readonly #downloads = new Map<string, Download>();
  #nextNotice = 1;
  #nextOffer = 1;

  constructor(journal: FeedJournal) {
    this.#journal = journal;
  }

  /** Readers at this moment; none when every page is closed. */
  get readers(): number {
    return this.#feeds.size;
  }

  /** Yields what moves, what is the case first, until `signal` aborts. */
  async *read(signal: AbortSignal): AsyncGenerator<EnlargerEvent, void, void> {
    const feed = new EventFeed(this.#journal);
    feed.engine(this.#engine);
    feed.progress([...this.#inWork.values()]);
    for (const [batchId, reason] of this.#obstacles) feed.obstacle(batchId, reason);
    for (const notice of this.#notices) feed.notice(notice);
    for (const offer of this.#offers.values()) feed.offer(offer);
    for (const state of this.#exports.values()) feed.export(state);
    for (const state of this.#downloads.values()) feed.download(state);
    this.#feeds.add(feed);
    try {
      yield* feed.read(signal);
    } finally {
      this.#feeds.delete(feed);
    }
  }

  batches(ids: readonly number[]): void {
    this.#tell((feed) => feed.batches(ids));
  }

  cleared(ids: readonly number[]): void {
    for (const id of ids) this.#obstacles.delete(id);
    this.#tell((feed) => feed.cleared(ids));
  }

  /** More files of this batch have changed than can be told. */
  reload(batchId: number): void {
    this.#tell((feed) => feed.reload(batchId));
  }

  file({ state, file }: FileEvent): void {
    if (state === 'started') {
      this.#tell((feed) => feed.file(file.id, file.batchId));
      return;
    }
    this.#inWork.delete(file.id);
    this.#tell((feed) => feed.fileEnded(file.id, file.batchId));
  }

  progress(batchId: number, jobs: readonly JobProgress[]): void {
    const files = jobs.map(({ jobId, ...job }) => ({ fileId: jobId, batchId, ...job }));
    for (const { dirty: _, ...file } of files) this.#inWork.set(file.fileId, file);
    this.#tell((feed) => feed.progress(files));
  }

  obstacle(batchId: number, reason: string | undefined): void {
    if (reason !== undefined) this.#obstacles.set(batchId, reason);
    else if (!this.#obstacles.delete(batchId)) return;
    this.#tell((feed) => feed.obstacle(batchId, reason ?? null));
  }

  engine(status: EngineStatus): void {
    this.#engine = status;
    this.#tell((feed) => feed.engine(status));
  }

  notice(message: string): void {
    const notice = { id: this.#nextNotice++, message };
    this.#notices.push(notice);
    if (this.#notices.length > MOST_NOTICES) this.#notices.shift();
    this.#tell((feed) => feed.notice(notice));
  }

  /** Hands these over to the first page that takes them. */
  offer(offered: Offered[]): void {
    const offer = { id: this.#nextOffer++, offered };
    this.#offers.set(offer.id, offer);
    this.#tell((feed) => feed.offer(offer));
  }

  /** What is offered under this id; nothing where somebody has it already. */
  takeOffer(id: number): Offered[] {
    const offer = this.#offers.get(id);
    this.#offers.delete(id);
    this.#tell((feed) => feed.offerTaken(id));
    return offer?.offered ?? [];
  }

  /** How far an export is. */
  export(state: Export): void {
    this.#exports.delete(state.id);
    this.#exports.set(state.id, state);
    const ended = this.#exports.values().filter(({ state }) => state !== 'running');
    for (const { id } of [...ended].slice(0, -MOST_ENDED)) this.#exports.delete(id);
    this.#tell((feed) => feed.export(state));
  }

  /** Models were added, changed or removed. */
  models(): void {
    this.#tell((feed) => feed.models());
  }

  /** How far the download of a model is. */
  download(state: Download): void {
    const goesOn = state.state === 'downloading' || state.state === 'checking';
    if (goesOn) this.#downloads.set(state.id, state);
    else this.#downloads.delete(state.id);
    this.#tell((feed) => feed.download(state));
  }

  /** Asks the pages that are open to do something. */
  command(command: PageCommand): void {
    this.#tell((feed) => feed.command(command));
  }

  #tell(what: (feed: EventFeed) => void): void {
    for (const feed of this.#feeds) what(feed);
  }
}
