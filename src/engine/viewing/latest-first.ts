/** Does one thing after the other, what was asked for last before what has waited longer: that is what is looked at. */
export class LatestFirst {
  readonly #waiting: (() => void)[] = [];
  readonly #most: number;
  #busy = 0;

  /** `most`: how many may be done at once. */
  constructor(most = 1) {
    this.#most = most;
  }

  async run<T>(act: () => Promise<T>): Promise<T> {
    if (this.#busy >= this.#most) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#busy += 1;
    try {
      return await act();
    } finally {
      // Who waits takes the place over, so that nobody slips in between.
      const next = this.#waiting.pop();
      if (next) next();
      else this.#busy -= 1;
    }
  }
}
