/** However long nobody looked, no more than so many milliseconds of silence are counted for it. */
const LONGEST_STEP = 15_000;
/** Milliseconds of silence after which an owner counts as dead. */
export const SILENCE = 60_000;

interface Seen {
  beats: number;
  /** When it was last looked at. */
  at: number;
  silent: number;
}

/**
 * How long owners have been silent, by the clock of the one who looks. Their clocks and the one on the wall do not
 * matter. A clock that jumps, as after the machine was asleep, counts as one step: whoever slept as well gets the
 * time to show that he lives.
 */
export class OwnerWatch {
  readonly #now: () => number;
  readonly #seen = new Map<number, Seen>();

  /** `now`: milliseconds of a clock that never goes back. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Takes in that owner `id` has shown `beats` signs of life so far. True once it has been silent for too long. */
  isSilent(id: number, beats: number): boolean {
    const at = this.#now();
    const before = this.#seen.get(id);
    const silent =
      before?.beats === beats ? before.silent + Math.min(Math.max(0, at - before.at), LONGEST_STEP) : 0;
    this.#seen.set(id, { beats, at, silent });
    return silent >= SILENCE;
  }

  forget(id: number): void {
    this.#seen.delete(id);
  }
}
