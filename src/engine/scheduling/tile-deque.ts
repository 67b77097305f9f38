/** What a deque needs to know of its items. */
export interface Costed {
  readonly cost: number;
}

/** Queued tiles of one worker and lane, most urgent first, with the sum of their costs. */
export class TileDeque<T extends Costed> {
  readonly #compare: (a: T, b: T) => number;
  /** Least urgent first, so that taking the most urgent moves nothing. */
  #items: T[] = [];
  #cost = 0;

  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare;
  }

  get length(): number {
    return this.#items.length;
  }

  get cost(): number {
    return this.#cost;
  }

  add(items: readonly T[]): void {
    this.#replace([...this.#items, ...items]);
    this.#items.sort((a, b) => this.#compare(b, a));
  }

  /** Takes the most urgent item. */
  take(): T | undefined {
    const item = this.#items.pop();
    if (item) this.#cost = this.#items.length > 0 ? this.#cost - item.cost : 0;
    return item;
  }

  /** Takes out all items that `matches`; returns them, most urgent first. */
  takeAll(matches: (item: T) => boolean): T[] {
    const taken = this.#items.filter(matches);
    if (taken.length > 0) this.#replace(this.#items.filter((item) => !matches(item)));
    return taken.reverse();
  }

  #replace(items: T[]): void {
    this.#items = items;
    this.#cost = items.reduce((sum, item) => sum + item.cost, 0);
  }
}
