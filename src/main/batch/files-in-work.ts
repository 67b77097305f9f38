import type { WorkState } from '../../shared/jobs.ts';

/** When a file may enter the engine. */
export interface Turn {
  /** Resolves once every earlier file has entered, or never will. */
  before: Promise<void>;
  /** This one has entered. */
  taken(): void;
}

/** The files that a runner has in work: the order in which they enter the engine, and what ends the work on each. */
export class FilesInWork {
  readonly #aborts = new Map<number, AbortController>();
  /** Those to stop for good, whether they have begun or are only taken. */
  readonly #cancelled = new Set<number>();
  /** What the journal was told last of each. */
  readonly #told = new Map<number, WorkState>();
  /** Resolves once all files so far have entered the engine. */
  #entered = Promise.resolve();

  get ids(): number[] {
    return [...this.#aborts.keys()];
  }

  get size(): number {
    return this.#aborts.size;
  }

  has(id: number): boolean {
    return this.#aborts.has(id);
  }

  /** What ends the work on file `id`, which begins now, and when it is its turn. */
  begin(id: number): { signal: AbortSignal; turn: Turn } {
    const abort = new AbortController();
    if (this.#cancelled.has(id)) abort.abort();
    this.#aborts.set(id, abort);
    const before = this.#entered;
    const entered = Promise.withResolvers<void>();
    this.#entered = before.then(() => entered.promise);
    return { signal: abort.signal, turn: { before, taken: entered.resolve } };
  }

  end(id: number): void {
    this.#aborts.delete(id);
    this.#cancelled.delete(id);
    this.#told.delete(id);
  }

  /** Ends the work on file `id` for good, now or once it begins. */
  cancel(id: number): void {
    this.#cancelled.add(id);
    this.#aborts.get(id)?.abort();
  }

  isCancelled(id: number): boolean {
    return this.#cancelled.has(id);
  }

  /** Ends the work on all of them. */
  abort(): void {
    for (const abort of this.#aborts.values()) abort.abort();
  }

  /** Notes that the journal knows file `id` to be in `state`; whether it has not been told before. */
  tell(id: number, state: WorkState): boolean {
    if (this.#told.get(id) === state) return false;
    this.#told.set(id, state);
    return true;
  }
}
