import { cancelledError } from '../../shared/errors.ts';

/** A line of calls of which one is at work at a time. Who waits may leave it. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Does `work` once those before have ended. Throws `cancelled`, and does nothing, if `signal` is aborted before that. */
  async take<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const before = this.#last;
    const ended = Promise.withResolvers<void>();
    this.#last = Promise.all([before, ended.promise]);
    try {
      await unlessAborted(before, signal);
      return await work();
    } finally {
      ended.resolve();
    }
  }
}

async function unlessAborted(turn: Promise<unknown>, signal: AbortSignal): Promise<void> {
  const left = Promise.withResolvers<never>();
  const leave = () => left.reject(cancelledError());
  signal.addEventListener('abort', leave);
  if (signal.aborted) leave();
  try {
    await Promise.race([left.promise, turn]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
