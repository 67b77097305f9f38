import { chooseVictim, deal } from './dealing.ts';
import type { JobState, QueuedTile } from './job-state.ts';
import type { LaneCounts } from './lane-choice.ts';
import { TileDeque } from './tile-deque.ts';
import { compareRanks } from './tile-order.ts';
import type { Lane } from './tile-task.ts';

export interface Taken<Payload> {
  readonly entry: QueuedTile<Payload>;
  readonly stolen: boolean;
}

/**
 * Everything queued: for each worker, a deque in each lane. A worker takes from its own, else from the longest
 * of the others. A thief takes the most urgent tile, not the last: one thread has no contention to avoid, and
 * where the user is looking goes first on every worker.
 */
export class WorkerDeques<Payload> {
  readonly #lanes: Readonly<Record<Lane, TileDeque<QueuedTile<Payload>>[]>>;

  constructor(workers: number) {
    const deques = () =>
      Array.from({ length: workers }, () => new TileDeque<QueuedTile<Payload>>(compareRanks));
    this.#lanes = { interactive: deques(), batch: deques() };
  }

  get queued(): LaneCounts {
    return { interactive: total(this.#lanes.interactive), batch: total(this.#lanes.batch) };
  }

  /** How many tiles wait for this worker, in both lanes. */
  queuedFor(worker: number): number {
    return total([this.#lanes.interactive, this.#lanes.batch].flatMap((lane) => lane[worker] ?? []));
  }

  /** Deals `entries` to the first `active` workers. */
  add(lane: Lane, entries: readonly QueuedTile<Payload>[], active: number): void {
    const sorted = entries.toSorted(compareRanks);
    const deques = this.#lanes[lane].slice(0, active);
    const places = deal(
      sorted.map((entry) => entry.cost),
      deques.map((deque) => deque.cost),
    );
    for (const [worker, deque] of deques.entries()) {
      deque.add(sorted.filter((_, at) => places[at] === worker));
    }
  }

  /** The tile that `worker` is to run next in `lane`, if there is any. */
  take(lane: Lane, worker: number): Taken<Payload> | undefined {
    const deques = this.#lanes[lane];
    const own = deques[worker]?.take();
    if (own) return { entry: own, stolen: false };
    const victim = chooseVictim(deques);
    const entry = victim === undefined ? undefined : deques[victim]?.take();
    return entry && { entry, stolen: true };
  }

  /** Takes out all tiles of `state`'s job; returns how many those were. */
  remove(state: JobState<Payload>): number {
    const deques = this.#lanes[state.job.lane];
    return deques.flatMap((deque) => deque.takeAll((entry) => entry.state === state)).length;
  }

  /** Deals what is queued in `lane` anew, after a focus or the number of `active` workers has changed. */
  redeal(lane: Lane, active: number): void {
    const entries = this.#lanes[lane].flatMap((deque) => deque.takeAll(() => true));
    for (const entry of entries) entry.rerank();
    this.add(lane, entries, active);
  }
}

function total(deques: readonly { readonly length: number }[]): number {
  return deques.reduce((sum, deque) => sum + deque.length, 0);
}
