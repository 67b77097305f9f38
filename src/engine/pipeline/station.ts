import { asEnlargerError } from '../../shared/errors.ts';
import type { Frame } from './frame.ts';
import { Histogram, type HistogramSnapshot } from './histogram.ts';
import type { ErasedStage } from './stage.ts';

/** One stage's load at this moment, and its times in milliseconds since the pipeline was made. */
export interface StageStats {
  readonly name: string;
  /** Frames waiting in front of the stage. */
  readonly queued: number;
  /** Frames being worked on, or being cleaned up after. */
  readonly running: number;
  /** Frames through the stage that keep their place in it until there is room ahead. */
  readonly ready: number;
  readonly queueWait: HistogramSnapshot;
  readonly service: HistogramSnapshot;
}

export interface StationOptions {
  readonly queueDepth: number;
  /** A monotonic clock in milliseconds. */
  readonly now: () => number;
  /** Called when the stage is through with `frame`, which then holds an output or has failed. */
  readonly onReturn: (frame: Frame) => void;
}

/**
 * A stage with its bounded queue and its places. A frame keeps its place until it moves on, and only the
 * oldest inside may: so frames reach every stage in entry order, and nothing piles up between stages.
 */
export class Station {
  readonly #stage: ErasedStage;
  readonly #places: number;
  readonly #options: StationOptions;
  readonly #queue: Frame[] = [];
  readonly #inside: Frame[] = [];
  readonly #queueWait = new Histogram();
  readonly #service = new Histogram();

  constructor(stage: ErasedStage, options: StationOptions) {
    this.#stage = stage;
    this.#places = stage.concurrency ?? 1;
    this.#options = options;
  }

  get hasRoom(): boolean {
    return this.#queue.length < this.#options.queueDepth;
  }

  /** The frame that may start now, if any. */
  get starter(): Frame | undefined {
    return this.#inside.length < this.#places ? this.#queue[0] : undefined;
  }

  /** The frame that may move on, if any. */
  get leaver(): Frame | undefined {
    const oldest = this.#inside[0];
    return oldest?.phase === 'ready' ? oldest : undefined;
  }

  get frames(): Frame[] {
    return [...this.#inside, ...this.#queue];
  }

  enqueue(frame: Frame): void {
    frame.phase = 'queued';
    frame.enqueuedAtMs = this.#options.now();
    this.#queue.push(frame);
  }

  /** Forgets `frame` wherever it is here. */
  remove(frame: Frame): void {
    for (const list of [this.#queue, this.#inside]) {
      const at = list.indexOf(frame);
      if (at >= 0) list.splice(at, 1);
    }
  }

  /** Moves `frame` from the queue into the stage and sets it to work. */
  start(frame: Frame): void {
    this.remove(frame);
    this.#inside.push(frame);
    frame.phase = 'running';
    void this.#run(frame);
  }

  async #run(frame: Frame): Promise<void> {
    const { now, onReturn } = this.#options;
    const startedAtMs = now();
    this.#queueWait.record(startedAtMs - frame.enqueuedAtMs);
    try {
      const output = await this.#stage.run(frame.take(), { frameId: frame.id, signal: frame.signal });
      frame.hold(output, (value) => this.#stage.discard?.(value));
    } catch (error) {
      frame.fail(asEnlargerError(error, 'internal'));
    }
    this.#service.record(now() - startedAtMs);
    frame.phase = 'ready';
    // Called in the same turn: a frame that is ready may be moved on or cancelled by anyone from here on.
    onReturn(frame);
  }

  stats(): StageStats {
    const ready = this.#inside.filter((frame) => frame.phase === 'ready').length;
    return {
      name: this.#stage.name,
      queued: this.#queue.length,
      running: this.#inside.length - ready,
      ready,
      queueWait: this.#queueWait.snapshot(),
      service: this.#service.snapshot(),
    };
  }
}
