import { cancelledError, EnlargerError } from '../../shared/errors.ts';
import { Flow } from './flow.ts';
import { Frame } from './frame.ts';
import type { StageChain } from './stage.ts';
import type { StageStats } from './station.ts';
import { WaitingRoom } from './waiting-room.ts';

export interface PipelineOptions<In, Out> {
  readonly stages: StageChain<In, Out>;
  /** How many frames may wait in front of each stage: an integer from 1. */
  readonly queueDepth: number;
  /** The reference mode: a frame enters the first stage only when the one before it is gone. Default false. */
  readonly sequential?: boolean | undefined;
  /** Releases the input of an accepted frame that ends before the first stage took it over. */
  readonly discardInput?: ((input: In) => unknown) | undefined;
  /** A monotonic clock in milliseconds. Default `performance.now`. */
  readonly now?: (() => number) | undefined;
}

/** The receipt for an accepted frame. */
export interface Ticket<Out> {
  readonly frameId: number;
  /** Settles after the results of all frames with lower ids; rejects with an `EnlargerError`. */
  readonly result: Promise<Out>;
  /** Resolves when pipeline and stages hold nothing of the frame any more; waits for no other frame's result. */
  readonly cleaned: Promise<void>;
}

export interface PipelineStats {
  /** Submissions that wait for room. */
  readonly waiting: number;
  readonly accepted: number;
  readonly settled: number;
  readonly stages: readonly StageStats[];
}

/**
 * Takes frames through stages that work at the same time on different frames. Frames get ids on entry, reach
 * every stage in that order, and their results settle in it. Queues are bounded: who submits waits, nothing is
 * dropped. A frame that fails, or is cancelled, ends alone. `Stage` tells who releases what it held.
 */
export class DeterministicPipeline<In, Out> {
  readonly #waitingRoom = new WaitingRoom();
  readonly #flow: Flow;
  readonly #discardInput: ((input: In) => unknown) | undefined;
  #accepted = 0;
  #stopped: EnlargerError | undefined;
  #idle = Promise.withResolvers<void>();

  /** Throws `bad-argument` for a queue depth or a stage's concurrency that is not an integer from 1. */
  constructor(options: PipelineOptions<In, Out>) {
    const { stages, queueDepth, sequential = false, discardInput, now = () => performance.now() } = options;
    expectCount('queueDepth', queueDepth);
    for (const stage of stages.list)
      expectCount(`concurrency of stage ${stage.name}`, stage.concurrency ?? 1);
    this.#discardInput = discardInput;
    this.#flow = new Flow({
      stages: stages.list,
      queueDepth,
      sequential,
      now,
      admitNext: () => this.#waitingRoom.admitNext(),
      onRest: () => this.#tellIfIdle(),
    });
  }

  /**
   * Resolves once the pipeline has room and has taken `input` over; until then it is the caller's. Calls are
   * accepted in the order they were made. Rejects, leaving `input` to the caller, with `cancelled` when `signal`
   * aborts first and with `stopped` after `stop`. Later, `signal` cancels the frame: it leaves a queue at once,
   * a stage when that returns.
   */
  async submit(input: In, options: { signal?: AbortSignal | undefined } = {}): Promise<Ticket<Out>> {
    const { signal } = options;
    if (this.#stopped) throw this.#stopped;
    if (signal?.aborted) throw cancelledError(signal);
    const { promise, resolve, reject } = Promise.withResolvers<Ticket<Out>>();
    this.#waitingRoom.enter({ signal, admit: () => resolve(this.#accept(input, signal)), refuse: reject });
    this.#flow.advance();
    return promise;
  }

  /** Resolves when the pipeline is empty: all that was submitted, also while this waits, has settled. */
  drain(): Promise<void> {
    const { promise } = this.#idle;
    this.#flow.advance();
    return promise;
  }

  /**
   * Accepts no more, refuses who waits, cancels what is queued and interrupts what runs, all with `reason`.
   * Resolves when everything is cleaned up. A second call waits for the first.
   */
  stop(reason = new EnlargerError('stopped', 'The pipeline was stopped.')): Promise<void> {
    if (!this.#stopped) {
      this.#stopped = reason;
      this.#waitingRoom.refuseAll(reason);
      this.#flow.cancelAll(reason);
    }
    return this.drain();
  }

  stats(): PipelineStats {
    return {
      waiting: this.#waitingRoom.size,
      accepted: this.#accepted,
      settled: this.#flow.settled,
      stages: this.#flow.stats(),
    };
  }

  #accept(input: In, signal: AbortSignal | undefined): Ticket<Out> {
    const frame = new Frame(this.#accepted++, signal);
    frame.hold(input, () => this.#discardInput?.(input));
    frame.onRequest(() => this.#flow.cancel(frame, cancelledError(signal)));
    this.#flow.enter(frame);
    // What comes out of the last stage of a StageChain<In, Out> is an Out.
    const result = frame.result.promise as Promise<Out>;
    return { frameId: frame.id, result, cleaned: frame.cleaned.promise };
  }

  #tellIfIdle(): void {
    // Nobody waits for room unless accepted frames take it.
    if (this.#flow.settled < this.#accepted) return;
    this.#idle.resolve();
    this.#idle = Promise.withResolvers();
  }
}

function expectCount(name: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw new EnlargerError('bad-argument', `Expected an integer from 1 for ${name} but received ${value}.`);
}
