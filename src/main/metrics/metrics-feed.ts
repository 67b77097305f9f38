import { setTimeout } from 'node:timers/promises';
import type { Metrics } from '../../shared/contract/metrics.ts';
import type { MetricsSampler } from './metrics-sampler.ts';

/** Milliseconds between two samples, and from the beginning to the first: nobody likes to wait for that one. */
interface Pacing {
  interval: number;
  first: number;
}

const PACING: Pacing = { interval: 1_000, first: 250 };
/** Samples that are kept: those of a minute. */
const KEPT = 60;

interface Taken {
  metrics: Metrics;
  /** Counted from 1. */
  number: number;
  /** Milliseconds, on a clock that nobody sets. */
  at: number;
}

/**
 * Takes a sample a second while a batch runs or somebody reads: a page that is opened in the middle of the work sees the
 * minute before, and a program that only waits does not wake the machine. What was in between, nobody asks for: then
 * there is nothing to see.
 */
export class MetricsFeed implements AsyncDisposable {
  readonly #sampler: Pick<MetricsSampler, 'begin' | 'sample' | 'rest'>;
  readonly #works: () => boolean;
  readonly #pacing: Pacing;
  readonly #closed = new AbortController();
  readonly #ring: Taken[] = [];
  #readers = 0;
  #taken = 0;
  #moved = Promise.withResolvers<void>();
  #running: Promise<void> | undefined;

  /** `works`: whether a batch runs. */
  constructor(
    sampler: Pick<MetricsSampler, 'begin' | 'sample' | 'rest'>,
    works: () => boolean,
    pacing = PACING,
  ) {
    this.#sampler = sampler;
    this.#works = works;
    this.#pacing = pacing;
  }

  /** To be called when a batch begins to run. */
  wake(): void {
    if (!this.#closed.signal.aborted) this.#running ??= this.#run();
  }

  /** Yields the samples of the last minute, then each that is taken, until `signal` aborts. */
  async *read(signal: AbortSignal): AsyncGenerator<Metrics, void, void> {
    const ended = AbortSignal.any([signal, this.#closed.signal]);
    const aborted = new Promise<void>((resolve) => {
      ended.addEventListener('abort', () => resolve(), { once: true });
    });
    let seen = 0;
    this.#readers += 1;
    try {
      this.wake();
      while (!ended.aborted) {
        const moved = this.#moved.promise;
        for (const { metrics, number } of this.#recent(seen)) {
          seen = number;
          yield metrics;
          if (ended.aborted) return;
        }
        await Promise.race([moved, aborted]);
      }
    } finally {
      this.#readers -= 1;
    }
  }

  /** The newest sample, no older than two seconds; undefined if `signal` aborts before there is one. */
  async latest(signal: AbortSignal): Promise<Metrics | undefined> {
    const fresh = () =>
      this.#recent(0).findLast(({ at }) => performance.now() - at < 2 * this.#pacing.interval);
    const known = fresh();
    if (known) return known.metrics;
    for await (const _ of this.read(signal)) {
      const taken = fresh();
      if (taken) return taken.metrics;
    }
    return undefined;
  }

  /** Ends what is going on, readers included. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort();
    await this.#running;
  }

  /** Those after `seen` that a reader was not too slow for. */
  #recent(seen: number): Taken[] {
    const since = performance.now() - KEPT * this.#pacing.interval;
    return this.#ring.filter(({ number, at }) => number > seen && at > since);
  }

  async #run(): Promise<void> {
    const { signal } = this.#closed;
    // A sample that fails, whatever of, is one that is missing.
    await this.#sampler.begin().catch(() => {});
    const { interval, first } = this.#pacing;
    for (let wait = first; !signal.aborted && (this.#readers > 0 || this.#works()); ) {
      await setTimeout(wait, undefined, { signal }).catch(() => {});
      if (signal.aborted) break;
      const begun = performance.now();
      const metrics = await this.#sampler.sample().catch(() => undefined);
      if (metrics) this.#take(metrics);
      wait = Math.max(0, interval - (performance.now() - begun));
    }
    this.#sampler.rest();
    this.#running = undefined;
  }

  #take(metrics: Metrics): void {
    this.#taken += 1;
    this.#ring.push({ metrics, number: this.#taken, at: performance.now() });
    if (this.#ring.length > KEPT) this.#ring.shift();
    this.#moved.resolve();
    this.#moved = Promise.withResolvers();
  }
}
