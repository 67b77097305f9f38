/** Lets frames settle in the order of their ids, whatever the order in which they come to their ends. */
export class ExitOrder {
  readonly #closed = new Map<number, () => void>();
  #next = 0;

  /** The id whose turn it is: every frame below it has settled. */
  get next(): number {
    return this.#next;
  }

  /** Calls `settle` as soon as every frame below `id` has settled: perhaps now. Each id closes once. */
  close(id: number, settle: () => void): void {
    this.#closed.set(id, settle);
    for (let turn = this.#take(); turn; turn = this.#take()) turn();
  }

  #take(): (() => void) | undefined {
    const settle = this.#closed.get(this.#next);
    if (settle && this.#closed.delete(this.#next)) this.#next += 1;
    return settle;
  }
}
