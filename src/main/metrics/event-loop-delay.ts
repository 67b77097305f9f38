import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Milliseconds between two looks. */
const RESOLUTION = 10;

/** How long main's event loop is held up. */
export class EventLoopDelay {
  readonly #histogram = monitorEventLoopDelay({ resolution: RESOLUTION });

  /** Looks from now on, at nothing that was before. */
  begin(): void {
    this.#histogram.enable();
    this.#histogram.reset();
  }

  /** The 99th percentile since the last call, or since `begin`: milliseconds beyond what was waited for anyway. */
  take(): number {
    const looked = this.#histogram.count > 0;
    const delay = looked ? Math.max(0, this.#histogram.percentile(99) / 1e6 - RESOLUTION) : 0;
    this.#histogram.reset();
    return delay;
  }

  end(): void {
    this.#histogram.disable();
  }
}
