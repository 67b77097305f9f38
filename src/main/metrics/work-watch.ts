import type { JobProgress } from '../../shared/engine-protocol.ts';
import type { VariantId } from '../../shared/models.ts';
import type { FileEvent } from '../batch/file-event.ts';
import type { FileShare } from './remaining.ts';
import type { WorkTotals } from './sliding-rates.ts';

interface FileInWork extends FileShare {
  batchId: number;
  tilesDone: number;
  enhancing: boolean;
}

/** What a batch's run has enlarged, when it is over. */
export interface RunSummary {
  batchId: number;
  /** Of sources, those included that were lost again. */
  pixels: number;
  tiles: number;
  /** Seconds in which at least one of its files was being enlarged: what goes on beside each other counts once. */
  seconds: number;
  /** Variants that its results were made with. */
  variants: ReadonlySet<VariantId>;
}

interface Run {
  batchId: number;
  before: WorkTotals;
  variants: Set<VariantId>;
  /** Milliseconds with a file being enlarged, and since when there is one again. */
  enhancing: number;
  since: number | undefined;
  obstacle: boolean;
}

interface WorkListeners {
  /** A batch begins to run. */
  onBegan(batchId: number): void;
  /** The work on a file is over; the journal knows. */
  onFileEnded(batchId: number): void;
  onEnded(run: RunSummary): void;
}

/** Counts what is done, from what the queue tells of its batches. One batch runs at a time. */
export class WorkWatch {
  readonly #listeners: Partial<WorkListeners>;
  readonly #now: () => number;
  readonly #files = new Map<number, FileInWork>();
  readonly #totals: WorkTotals = { tiles: 0, pixels: 0, files: 0 };
  #run: Run | undefined;

  /** `now`: milliseconds. */
  constructor(listeners: Partial<WorkListeners>, now = () => performance.now()) {
    this.#listeners = listeners;
    this.#now = now;
  }

  /** Since this process began. */
  get totals(): WorkTotals {
    return { ...this.#totals };
  }

  get filesInWork(): number {
    return this.#files.size;
  }

  /** The batch that runs, whether something keeps it from going on, and whether it enlarges by now. */
  get batch(): { batchId: number; obstacle: boolean; enhancing: boolean } | undefined {
    if (!this.#run) return undefined;
    const { batchId, obstacle, enhancing, since } = this.#run;
    return { batchId, obstacle, enhancing: enhancing > 0 || since !== undefined };
  }

  /** How far each file of a batch is that is in work. */
  filesOf(batchId: number): FileShare[] {
    return [...this.#files.values()].filter((file) => file.batchId === batchId);
  }

  began(batchId: number): void {
    const before = this.totals;
    this.#run = { batchId, before, variants: new Set(), enhancing: 0, since: undefined, obstacle: false };
    this.#listeners.onBegan?.(batchId);
  }

  ended(batchId: number): void {
    const run = this.#run;
    if (run?.batchId !== batchId) return;
    for (const [id, file] of this.#files) if (file.batchId === batchId) this.#files.delete(id);
    this.#count(run);
    this.#run = undefined;
    const { before, variants, enhancing } = run;
    const pixels = this.#totals.pixels - before.pixels;
    const tiles = this.#totals.tiles - before.tiles;
    this.#listeners.onEnded?.({ batchId, pixels, tiles, seconds: enhancing / 1000, variants });
  }

  /** Something keeps the batch from going on, and undefined: it goes on. */
  obstacle(batchId: number, reason: string | undefined): void {
    if (this.#run?.batchId === batchId) this.#run.obstacle = reason !== undefined;
  }

  file(event: FileEvent): void {
    const { id, batchId, facts } = event.file;
    if (event.state === 'started') {
      const pixels = facts ? facts.width * facts.height : 0;
      this.#files.set(id, { batchId, pixels, pixelsDone: 0, tilesDone: 0, enhancing: false });
      return;
    }
    this.#files.delete(id);
    this.#count(this.#run);
    if (event.state === 'done') {
      this.#totals.files += 1;
      this.#run?.variants.add(event.result.variant);
    }
    this.#listeners.onFileEnded?.(batchId);
  }

  progress(jobs: readonly JobProgress[]): void {
    for (const { jobId, state, tilesDone, pixelsDone } of jobs) {
      const file = this.#files.get(jobId);
      if (!file) continue;
      this.#totals.tiles += grown(file.tilesDone, tilesDone);
      this.#totals.pixels += grown(file.pixelsDone, pixelsDone);
      Object.assign(file, { tilesDone, pixelsDone, enhancing: state === 'enhancing' });
    }
    this.#count(this.#run);
  }

  /** Counts the time in which files are being enlarged, up to now. */
  #count(run: Run | undefined): void {
    if (!run) return;
    const now = this.#now();
    if (run.since !== undefined) run.enhancing += now - run.since;
    const enhancing = [...this.#files.values()].some((file) => file.enhancing);
    run.since = enhancing ? now : undefined;
  }
}

/** What came to a count; one that fell began anew, because its file did. */
function grown(before: number, now: number): number {
  return now >= before ? now - before : now;
}
