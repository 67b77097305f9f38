import type { LimitedRequest, RequestLimits } from './request-limits.ts';

interface Asked {
  name: LimitedRequest;
  file: string | undefined;
  askedAt: number;
}

/**
 * Watches whether the requests of one engine are answered. Nobody sees when the engine takes one up: its time
 * counts from the question, and anew whenever another is answered, because they stand in line. Times are
 * milliseconds of one clock.
 */
export class RequestWatch {
  readonly #limits: RequestLimits;
  readonly #waiting = new Set<Asked>();
  #answeredAt = Number.NEGATIVE_INFINITY;

  constructor(limits: RequestLimits) {
    this.#limits = limits;
  }

  /** Requests that the engine owes an answer. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** A request is sent; returns what is to be called when it is answered. */
  begin(name: LimitedRequest, file: string | undefined, now: number): (now: number) => void {
    const asked = { name, file, askedAt: now };
    this.#waiting.add(asked);
    return (then) => {
      this.#waiting.delete(asked);
      this.startAnew(then);
    };
  }

  /** Counts from `now`, because something was answered, or nobody could see what happened before. */
  startAnew(now: number): void {
    this.#answeredAt = now;
  }

  /** What hangs, in words; `undefined` while nothing does. */
  overdue(now: number): string | undefined {
    for (const { name, file, askedAt } of this.#waiting) {
      const limit = this.#limits[name];
      if (now - Math.max(askedAt, this.#answeredAt) <= limit) continue;
      return `${file === undefined ? name : `${name} of ${file}`} was not answered within ${limit / 1000} s`;
    }
    return undefined;
  }
}
