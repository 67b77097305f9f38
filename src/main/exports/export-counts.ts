import type { Export } from '../../shared/contract/exports.ts';
import type { SerializedError } from '../../shared/errors.ts';
import type { ChosenResult } from './chosen-results.ts';

/** How far an export is, beside what it is. */
export type Counts = Pick<
  Export,
  'filesDone' | 'filesTotal' | 'bytesDone' | 'bytesTotal' | 'skipped' | 'problems'
>;

const MOST_PROBLEMS = 1000;
/** Milliseconds between two messages. */
const INTERVAL = 33;

/** How an export is once it is over: `error` is what kept it from its end; of a failure, the first of its problems. */
export function endOf(
  { problems }: Pick<Counts, 'problems'>,
  error?: Pick<SerializedError, 'code' | 'message'>,
): Pick<Export, 'state' | 'problems'> {
  if (!error) return { state: 'done', problems };
  if (error.code === 'cancelled') return { state: 'cancelled', problems };
  return { state: 'failed', problems: [error.message, ...problems].slice(0, MOST_PROBLEMS) };
}

/** Counts what an export has done, and tells it at most thirty times a second. */
export class ExportCounts {
  readonly #tell: (counts: Counts) => void;
  readonly #counts: Counts;
  #toldAt = Number.NEGATIVE_INFINITY;

  /** Tells at once how much there is to do. */
  constructor(results: readonly ChosenResult[], problems: readonly string[], tell: (counts: Counts) => void) {
    this.#tell = tell;
    this.#counts = {
      filesDone: 0,
      filesTotal: results.length + problems.length,
      bytesDone: 0,
      bytesTotal: results.reduce((sum, { size }) => sum + size, 0),
      skipped: 0,
      problems: problems.slice(0, MOST_PROBLEMS),
    };
    this.#moved();
  }

  /** As of now. */
  get now(): Counts {
    return { ...this.#counts, problems: [...this.#counts.problems] };
  }

  /** What of it changes with every byte. */
  get read(): Pick<Counts, 'filesDone' | 'bytesDone'> {
    const { filesDone, bytesDone } = this.#counts;
    return { filesDone, bytesDone };
  }

  /** Bytes of a result have been taken. */
  bytes(count: number): void {
    this.#counts.bytesDone += count;
    this.#moved();
  }

  done(): void {
    this.#counts.filesDone += 1;
    this.#moved();
  }

  /** A result was left out: what stands in its place is left alone. `bytes`: those of it that were not taken. */
  skipped(bytes: number): void {
    this.#counts.skipped += 1;
    this.bytes(bytes);
  }

  /** A result could not be exported, and why. `bytes`: those of it that were not taken. */
  problem(message: string, bytes: number): void {
    if (this.#counts.problems.length < MOST_PROBLEMS) this.#counts.problems.push(message);
    this.bytes(bytes);
  }

  #moved(): void {
    const now = performance.now();
    if (now - this.#toldAt < INTERVAL) return;
    this.#toldAt = now;
    this.#tell(this.now);
  }
}
