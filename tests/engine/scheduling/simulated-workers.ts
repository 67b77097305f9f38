import { setImmediate } from 'node:timers/promises';
import { TileScheduler } from '../../../src/engine/scheduling/tile-scheduler.ts';
import type { Lane, TileJob, TileTask, TileWorker } from '../../../src/engine/scheduling/tile-task.ts';

/** Lets everything happen that can happen without the test doing something. */
export async function settled(): Promise<void> {
  await setImmediate();
}

/** Time that passes only from event to event. */
export class VirtualClock {
  now = 0;
  readonly #events: { at: number; happen: () => void }[] = [];

  after(delay: number, happen: () => void): void {
    this.#events.push({ at: this.now + delay, happen });
  }

  /** Lets events happen, in time order, until there are none. */
  async run(): Promise<void> {
    await settled();
    for (let next = this.#takeNext(); next; next = this.#takeNext()) {
      this.now = next.at;
      next.happen();
      await settled();
    }
  }

  #takeNext(): { at: number; happen: () => void } | undefined {
    const earliest = Math.min(...this.#events.map((event) => event.at));
    const index = this.#events.findIndex((event) => event.at === earliest);
    return this.#events.splice(index, index < 0 ? 0 : 1)[0];
  }
}

/** Runs a tile for as long as its payload says, one at a time; the next waits in its inbox. */
export class SimulatedWorker implements TileWorker<number> {
  readonly id: number;
  readonly ran: TileTask<number>[] = [];
  readonly #clock: VirtualClock;
  #inbox = Promise.resolve();

  constructor(id: number, clock: VirtualClock) {
    this.id = id;
    this.#clock = clock;
  }

  run(tile: TileTask<number>): Promise<void> {
    this.#inbox = this.#inbox.then(() => {
      this.ran.push(tile);
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#clock.after(tile.payload, resolve);
      return promise;
    });
    return this.#inbox;
  }
}

export interface OpenTile {
  readonly tile: TileTask<number>;
  readonly workerId: number;
  readonly finish: () => void;
  readonly fail: (error: unknown) => void;
}

/** Workers whose tiles stay open until the test ends them. */
export class HeldWorkers {
  readonly workers: TileWorker<number>[];
  /** Every tile ever handed out, in that order: `job:index`. */
  readonly handed: string[] = [];
  open: OpenTile[] = [];
  readonly mostPerWorker: number[];

  constructor(count: number) {
    this.mostPerWorker = Array.from({ length: count }, () => 0);
    this.workers = this.mostPerWorker.map((_, id) => ({ id, run: (tile) => this.#run(id, tile) }));
  }

  /** Ends the oldest open tile of this name, or the oldest at all. */
  finish(name?: string): void {
    this.#take(name).finish();
  }

  fail(error: unknown, name?: string): void {
    this.#take(name).fail(error);
  }

  #take(name: string | undefined): OpenTile {
    const index = name ? this.open.findIndex(({ tile }) => nameOf(tile) === name) : 0;
    const [taken] = index < 0 ? [] : this.open.splice(index, 1);
    if (!taken) throw new Error(`No tile ${name ?? ''} is open.`);
    return taken;
  }

  #run(workerId: number, tile: TileTask<number>): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.handed.push(nameOf(tile));
    this.open.push({ tile, workerId, finish: resolve, fail: reject });
    const has = this.open.filter((open) => open.workerId === workerId).length;
    this.mostPerWorker[workerId] = Math.max(this.mostPerWorker[workerId] ?? 0, has);
    return promise;
  }
}

export function nameOf(tile: TileTask<number>): string {
  return `${tile.jobId}:${tile.index}`;
}

/** A job of one row of tiles at x = 0, 1, 2…, with a virtual duration each and equal expected costs. */
export function jobOf(
  id: string,
  durations: number | readonly number[],
  more: Partial<TileJob<number>> = {},
): TileJob<number> {
  const list = typeof durations === 'number' ? Array.from({ length: durations }, () => 1) : durations;
  const tiles = list.map((payload, index) => ({ jobId: id, index, x: index, y: 0, cost: 1, payload }));
  const lane: Lane = 'batch';
  return { id, lane, tiles, ...more };
}

/** A scheduler whose workers hold each tile, one at a time unless told otherwise. */
export function schedulerWith(
  count: number,
  options: {
    depth?: number;
    minConcurrency?: number;
    maxConcurrency?: number;
    interactiveBurst?: number;
  } = {},
) {
  const held = new HeldWorkers(count);
  const scheduler = new TileScheduler({ workers: held.workers, depth: 1, ...options });
  return { held, scheduler };
}

/** Finishes the oldest open tile until none is left. */
export async function finishAll(held: HeldWorkers): Promise<void> {
  for (; held.open.length > 0; await settled()) held.finish();
}
