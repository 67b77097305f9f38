import type { EngineStatus, EnlargerEvent, FileProgress, Notice } from '../../shared/contract/events.ts';
import type { JobProgress } from '../../shared/engine-protocol.ts';
import type { FileEvent } from '../batch/file-event.ts';
import { EventFeed, type FeedJournal } from './event-feed.ts';

/** Notices that are kept for pages that open later. */
const MOST_NOTICES = 50;

/** Tells every reader what moves, and each new one what is the case. */
export class EventHub {
  readonly #journal: FeedJournal;
  readonly #feeds = new Set<EventFeed>();
  readonly #inWork = new Map<number, FileProgress>();
  readonly #obstacles = new Map<number, string>();
  readonly #notices: Notice[] = [];
  #engine: EngineStatus = { state: 'starting', generation: 0 };
  #nextNotice = 1;

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

  #tell(what: (feed: EventFeed) => void): void {
    for (const feed of this.#feeds) what(feed);
  }
}
