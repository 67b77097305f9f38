import type { BatchRecord } from '../../shared/jobs.ts';
import type { JobStore } from '../jobs/job-store.ts';
import { lostFiles } from './remaining.ts';

/** What figures ask of the journal. */
type FigureJournal = Pick<JobStore, 'batch' | 'files' | 'onChange'>;

interface Lost {
  files: number;
  pixels: number;
  /** When it may be added up again, milliseconds. */
  until: number;
}

/** Batches that are read at once; the others follow a second later. */
const MOST_READ = 50;
/** Files of a page of the journal. */
const PAGE = 500;
/** For each millisecond of adding up, so many without. */
const REST = 20;

/** What the journal knows of batches, read again only when it has changed: counting the files of a batch is work. */
export class JournalFigures implements Disposable {
  readonly #jobs: FigureJournal;
  readonly #records = new Map<number, BatchRecord>();
  readonly #changed = new Set<number>();
  readonly #lost = new Map<number, Lost>();
  readonly #stopListening: () => void;
  #refreshing: Promise<void> | undefined;

  constructor(jobs: FigureJournal) {
    this.#jobs = jobs;
    this.#stopListening = jobs.onChange((ids) => this.changed(ids));
  }

  /** To be called with batches that have changed, where that is known before the journal tells. */
  changed(batchIds: readonly number[]): void {
    for (const id of batchIds) this.#changed.add(id);
  }

  /** What was known of a batch at the last `refresh`. */
  record(batchId: number): BatchRecord | undefined {
    return this.#records.get(batchId);
  }

  /** Source pixels of those files of a batch that ended without a result. Undefined before they were added up. */
  lostPixels(batchId: number): number | undefined {
    return this.#lost.get(batchId)?.pixels;
  }

  /** Reads what has changed of these batches, of `running` also what is lost, and forgets all others. */
  refresh(batchIds: readonly number[], running: number | undefined): Promise<void> {
    // A journal that is slow is not asked again before it has answered.
    this.#refreshing ??= this.#refresh(batchIds, running).finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  [Symbol.dispose](): void {
    this.#stopListening();
  }

  async #refresh(batchIds: readonly number[], running: number | undefined): Promise<void> {
    for (const known of [this.#records, this.#lost]) {
      for (const id of known.keys()) if (!batchIds.includes(id)) known.delete(id);
    }
    const outdated = batchIds.filter((id) => this.#changed.has(id) || !this.#records.has(id));
    await Promise.all(outdated.slice(0, MOST_READ).map((id) => this.#read(id)));
    this.#forgetChanges(batchIds);
    if (running !== undefined) await this.#addUpLost(running);
  }

  async #read(batchId: number): Promise<void> {
    // What changes while it is read is read again.
    this.#changed.delete(batchId);
    const record = await this.#jobs.batch(batchId).catch(() => undefined);
    if (record) this.#records.set(batchId, record);
    else this.#records.delete(batchId);
  }

  /** Changes of batches that nobody asks about would be kept for ever. */
  #forgetChanges(batchIds: readonly number[]): void {
    for (const id of this.#changed) if (!batchIds.includes(id)) this.#changed.delete(id);
  }

  async #addUpLost(batchId: number): Promise<void> {
    const record = this.#records.get(batchId);
    const known = this.#lost.get(batchId);
    const begun = performance.now();
    if (!record || known?.files === lostFiles(record) || begun < (known?.until ?? 0)) return;
    const states = ['failed', 'cancelled', 'skipped'] as const;
    let pixels = 0;
    for (let after: number | undefined; ; ) {
      const page = await this.#jobs.files(batchId, { states, limit: PAGE, after }).catch(() => []);
      for (const { facts } of page) pixels += facts ? facts.width * facts.height : 0;
      after = page.at(-1)?.position;
      if (page.length < PAGE) break;
    }
    const now = performance.now();
    this.#lost.set(batchId, { files: lostFiles(record), pixels, until: now + REST * (now - begun) });
  }
}
