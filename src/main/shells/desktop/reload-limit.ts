/** How often a page may be loaded again before that is no help, and within how long, milliseconds. */
const MOST = 3;
const WITHIN = 60_000;

/** Counts how often a page had to be loaded again, so that one which always fails is not loaded for ever. */
export class ReloadLimit {
  #times: number[] = [];

  /** Whether it may be loaded once more at `now`, milliseconds of any clock; counts it if so. */
  allows(now: number): boolean {
    this.#times = this.#times.filter((time) => now - time < WITHIN);
    if (this.#times.length >= MOST) return false;
    this.#times.push(now);
    return true;
  }

  /** The user wants it tried again. */
  reset(): void {
    this.#times = [];
  }
}
