/** Milliseconds between two messages: thirty a second are as many as a page can show. */
const INTERVAL = 33;

/** Which batches have changed since somebody last asked. However much changes, it is told at most every 33 ms. */
export class ChangeFeed {
  #changed = new Set<number>();
  #waiting: PromiseWithResolvers<number[]> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #toldAt = Number.NEGATIVE_INFINITY;

  add(batchId: number): void {
    this.#changed.add(batchId);
    this.#tellInTime();
  }

  /** The batches that have changed, as soon as there are any; none after `close`. One at a time may ask. */
  next(): Promise<number[]> {
    this.#waiting = Promise.withResolvers<number[]>();
    this.#tellInTime();
    return this.#waiting.promise;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#waiting?.resolve([]);
    this.#waiting = undefined;
  }

  #tellInTime(): void {
    if (!this.#waiting || this.#changed.size === 0 || this.#timer) return;
    const wait = Math.max(0, this.#toldAt + INTERVAL - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#toldAt = performance.now();
      const changed = [...this.#changed];
      this.#changed.clear();
      this.#waiting?.resolve(changed);
      this.#waiting = undefined;
    }, wait);
  }
}
