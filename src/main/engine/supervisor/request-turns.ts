/**
 * Who has an engine when: requests and files go side by side, except for requests that engines are suspected to die
 * over. Each of these has the engine to itself, so that one that is to blame is found out, and nothing else suffers for it.
 */
export class RequestTurns {
  readonly #sharing = new Set<Promise<unknown>>();
  #suspects = 0;
  #last: Promise<unknown> = Promise.resolve();

  /** Asks along with others, once no suspect is left. */
  async share<T>(ask: () => Promise<T>): Promise<T> {
    while (this.#suspects > 0) await this.#last;
    const answer = ask();
    this.#sharing.add(answer);
    try {
      return await answer;
    } finally {
      this.#sharing.delete(answer);
    }
  }

  /** Asks when those that share, and the suspects before, have their answers. */
  alone<T>(ask: () => Promise<T>): Promise<T> {
    this.#suspects += 1;
    const answer = this.#last
      .then(() => Promise.allSettled(this.#sharing))
      .then(ask)
      .finally(() => {
        this.#suspects -= 1;
      });
    this.#last = answer.catch(() => {});
    return answer;
  }
}
