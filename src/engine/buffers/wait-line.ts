import { cancelledError, type EnlargerError } from '../../shared/errors.ts';

/** When to stop waiting. */
export interface WaitOptions {
  /** Milliseconds, from 0 to 2147483647; without it the wait has no limit. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface Waiter<T> {
  readonly byteLength: number;
  readonly signal: AbortSignal | undefined;
  serve(value: T): void;
  refuse(error: EnlargerError): void;
}

interface WaitLineOwner {
  timeoutError(byteLength: number, timeoutMs: number): EnlargerError;
  /** Called when a waiter has left the line unserved by itself. */
  gaveUp(reason: 'timeout' | 'abort'): void;
}

/** Those who wait for memory, in order of arrival; each leaves once: served, refused, timed out or aborted. */
export class WaitLine<T> {
  readonly #waiters = new Set<Waiter<T>>();
  readonly #owner: WaitLineOwner;

  constructor(owner: WaitLineOwner) {
    this.#owner = owner;
  }

  get size(): number {
    return this.#waiters.size;
  }

  /**
   * The waiters, oldest first, without those whose signal has fired: they are on their way out, and another listener
   * of that signal may just be releasing the memory that they would get.
   */
  *[Symbol.iterator](): IterableIterator<Waiter<T>> {
    for (const waiter of this.#waiters) if (!waiter.signal?.aborted) yield waiter;
  }

  /** Stands at the end of the line; `signal` must not have fired yet, for it would not fire again. */
  join(byteLength: number, { timeoutMs, signal }: WaitOptions): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const abort = (): void => {
      waiter.refuse(cancelledError(signal));
      this.#owner.gaveUp('abort');
    };
    const leave = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      this.#waiters.delete(waiter);
    };
    const waiter: Waiter<T> = {
      byteLength,
      signal,
      serve: (value) => {
        leave();
        resolve(value);
      },
      refuse: (error) => {
        leave();
        reject(error);
      },
    };
    if (timeoutMs !== undefined) {
      timer = setTimeout(() => {
        waiter.refuse(this.#owner.timeoutError(byteLength, timeoutMs));
        this.#owner.gaveUp('timeout');
      }, timeoutMs);
    }
    signal?.addEventListener('abort', abort);
    this.#waiters.add(waiter);
    return promise;
  }
}
