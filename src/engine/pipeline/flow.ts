import type { EnlargerError } from '../../shared/errors.ts';
import { ExitOrder } from './exit-order.ts';
import type { Frame } from './frame.ts';
import type { ErasedStage } from './stage.ts';
import { type StageStats, Station } from './station.ts';

export interface FlowOptions {
  readonly stages: readonly ErasedStage[];
  readonly queueDepth: number;
  readonly sequential: boolean;
  readonly now: () => number;
  /** Lets the next submission in (it calls `enter`); false if there is none. */
  readonly admitNext: () => boolean;
  /** Called when nothing can move for now. */
  readonly onRest: () => void;
}

/** Moves frames from stage to stage, and off the line when they end early. */
export class Flow {
  readonly #options: FlowOptions;
  readonly #stations: readonly Station[];
  readonly #exit = new ExitOrder();
  /** Frames that have begun the first stage and are not over. */
  readonly #begun = new Set<Frame>();
  #advancing = false;
  #moved = false;

  constructor(options: FlowOptions) {
    const { stages, queueDepth, now } = options;
    const onReturn = (frame: Frame) => this.#returned(frame);
    this.#options = options;
    this.#stations = stages.map((stage) => new Station(stage, { queueDepth, now, onReturn }));
  }

  /** How many frames have settled. */
  get settled(): number {
    return this.#exit.next;
  }

  /** Puts `frame` before the first stage. Only from within `admitNext`, which is called when there is room. */
  enter(frame: Frame): void {
    this.#stations[0]?.enqueue(frame);
  }

  /** Ends `frame` with `reason`, unless it is over or failed before. */
  cancel(frame: Frame, reason: EnlargerError): void {
    if (frame.failure || frame.phase === 'over') return;
    frame.fail(reason);
    if (frame.phase === 'queued') this.#remove(frame);
    // A stage that runs holds the frame; it is told, and the frame ends when the stage returns.
    if (frame.phase === 'running') frame.interrupt();
    else void this.#end(frame, reason);
    this.advance();
  }

  /** Cancels every frame; from the first stage on, so that none moves up to where another made room. */
  cancelAll(reason: EnlargerError): void {
    for (const station of this.#stations) for (const frame of station.frames) this.cancel(frame, reason);
  }

  /** Moves every frame as far as it can go. Whoever is called on the way may call back in. */
  advance(): void {
    this.#moved = true;
    if (this.#advancing) return;
    this.#advancing = true;
    while (this.#moved) {
      this.#moved = false;
      this.#step();
    }
    this.#advancing = false;
    this.#options.onRest();
  }

  stats(): StageStats[] {
    return this.#stations.map((station) => station.stats());
  }

  #step(): void {
    for (const [at, station] of this.#stations.entries()) {
      this.#moveOn(station, this.#stations[at + 1]);
      this.#startNext(station, at === 0);
    }
    if (this.#stations[0]?.hasRoom && this.#options.admitNext()) this.#moved = true;
  }

  #moveOn(station: Station, next: Station | undefined): void {
    for (let frame = station.leaver; frame; frame = station.leaver) {
      if (next?.hasRoom) this.#pass(frame, station, next);
      else if (!next && frame.id === this.#exit.next) this.#deliver(frame, station);
      else return;
    }
  }

  #startNext(station: Station, first: boolean): void {
    for (let frame = station.starter; frame; frame = station.starter) {
      if (first && this.#options.sequential && this.#begun.size > 0) return;
      // A signal shared by many frames tells them one by one, and each that leaves makes room for another.
      const cancelled = frame.requested;
      if (cancelled) {
        this.cancel(frame, cancelled);
      } else {
        this.#begun.add(frame);
        station.start(frame);
        this.#moved = true;
      }
    }
  }

  #pass(frame: Frame, from: Station, to: Station): void {
    from.remove(frame);
    to.enqueue(frame);
    this.#moved = true;
  }

  #deliver(frame: Frame, last: Station): void {
    last.remove(frame);
    const value = frame.take();
    this.#close(frame, () => frame.result.resolve(value));
  }

  #returned(frame: Frame): void {
    if (frame.failure) void this.#end(frame, frame.failure);
    this.advance();
  }

  /** A frame inside a stage keeps its place until it is cleaned up, so that what is held stays bounded. */
  async #end(frame: Frame, failure: EnlargerError): Promise<void> {
    frame.phase = 'over';
    const error = await frame.release(failure);
    this.#remove(frame);
    this.#close(frame, () => frame.result.reject(error));
  }

  #close(frame: Frame, settle: () => void): void {
    frame.phase = 'over';
    this.#begun.delete(frame);
    this.#exit.close(frame.id, settle);
    frame.cleaned.resolve();
    this.advance();
  }

  #remove(frame: Frame): void {
    for (const station of this.#stations) station.remove(frame);
  }
}
