import { cancelledError, type EnlargerError } from '../../shared/errors.ts';

/** Someone who wants in: exactly one of `admit` and `refuse` is called, once. */
export interface Visitor {
  readonly signal: AbortSignal | undefined;
  admit(): void;
  refuse(error: EnlargerError): void;
}

/** First come, first served, for submissions that the pipeline has no room for yet. */
export class WaitingRoom {
  /** Each waiting visitor, oldest first, with the listener that lets it leave. */
  readonly #waiting = new Map<Visitor, () => void>();

  get size(): number {
    return this.#waiting.size;
  }

  /** `visitor` waits for `admitNext`; it is refused when its signal aborts, or by `refuseAll`. */
  enter(visitor: Visitor): void {
    const leave = () => this.#refuse(visitor, cancelledError(visitor.signal));
    this.#waiting.set(visitor, leave);
    visitor.signal?.addEventListener('abort', leave, { once: true });
  }

  /** Admits the oldest visitor, or refuses it if it is cancelled already. False if nobody waits. */
  admitNext(): boolean {
    const [visitor] = this.#waiting.keys();
    if (!visitor) return false;
    if (visitor.signal?.aborted) {
      this.#refuse(visitor, cancelledError(visitor.signal));
    } else {
      this.#leave(visitor);
      visitor.admit();
    }
    return true;
  }

  refuseAll(error: EnlargerError): void {
    for (const visitor of this.#waiting.keys()) this.#refuse(visitor, error);
  }

  #refuse(visitor: Visitor, error: EnlargerError): void {
    this.#leave(visitor);
    visitor.refuse(error);
  }

  #leave(visitor: Visitor): void {
    const listener = this.#waiting.get(visitor);
    this.#waiting.delete(visitor);
    if (listener) visitor.signal?.removeEventListener('abort', listener);
  }
}
