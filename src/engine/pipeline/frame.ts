import { asEnlargerError, cancelledError, EnlargerError } from '../../shared/errors.ts';

/** Waiting before a stage; inside it; through it, waiting for room or its turn to leave; delivered or given up. */
type FramePhase = 'queued' | 'running' | 'ready' | 'over';

type Discard = (value: unknown) => unknown;

interface Held {
  readonly value: unknown;
  readonly discard: Discard;
}

/** One submission on its way: what it holds, who cancels it, and what became of it. */
export class Frame {
  readonly id: number;
  readonly result = Promise.withResolvers<unknown>();
  readonly cleaned = Promise.withResolvers<void>();
  phase: FramePhase = 'queued';
  enqueuedAtMs = 0;
  readonly #request: AbortSignal | undefined;
  readonly #controller = new AbortController();
  #held: Held | undefined;
  #failure: EnlargerError | undefined;

  constructor(id: number, request: AbortSignal | undefined) {
    this.id = id;
    this.#request = request;
    // A receiver may look at results later, in its own order: an early rejection must not end the process.
    this.result.promise.catch(() => undefined);
  }

  /** What the stages listen to. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Why the frame ends early. The first reason stays. */
  get failure(): EnlargerError | undefined {
    return this.#failure;
  }

  /** The cancellation that was asked for, though perhaps its event has not reached us yet. */
  get requested(): EnlargerError | undefined {
    return this.#request?.aborted ? cancelledError(this.#request) : undefined;
  }

  fail(error: EnlargerError): void {
    this.#failure ??= error;
  }

  /** Tells the stage that works on the frame to give up. */
  interrupt(): void {
    this.#controller.abort(this.#failure);
  }

  onRequest(listener: () => void): void {
    this.#request?.addEventListener('abort', listener, { once: true });
    void this.cleaned.promise.then(() => this.#request?.removeEventListener('abort', listener));
  }

  /** Takes `value` over, together with what releases it. */
  hold(value: unknown, discard: Discard): void {
    this.#held = { value, discard };
  }

  /** Hands the value over: from here on, its receiver owns it. */
  take(): unknown {
    const value = this.#held?.value;
    this.#held = undefined;
    return value;
  }

  /** Discards what the frame still holds. Returns `failure`, or it and what went wrong in discarding. */
  async release(failure: EnlargerError): Promise<EnlargerError> {
    const held = this.#held;
    this.#held = undefined;
    try {
      await held?.discard(held.value);
      return failure;
    } catch (error) {
      const leak = asEnlargerError(error, 'internal');
      const message = `${failure.message} What the frame held could not be released: ${leak.message}`;
      const cause = new AggregateError([failure, error]);
      return new EnlargerError(failure.code, message, { file: failure.file, cause });
    }
  }
}
