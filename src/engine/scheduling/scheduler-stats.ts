import type { WorkerDeques } from './worker-deques.ts';
import type { WorkerSlot } from './worker-slot.ts';

interface WorkerStats {
  readonly id: number;
  /** Whether the concurrency lets it have new tiles. */
  readonly active: boolean;
  /** Tiles in its deques. */
  readonly queued: number;
  /** Tiles it has been handed, its inbox included. */
  readonly running: number;
  /** Tiles it has run without an error. */
  readonly completed: number;
  /** Tiles it took from the deques of others. */
  readonly steals: number;
}

export interface TileSchedulerStats {
  readonly queued: number;
  readonly running: number;
  readonly completed: number;
  readonly steals: number;
  /** How many workers get new tiles. */
  readonly concurrency: number;
  readonly perWorker: readonly WorkerStats[];
}

/** What `slots` have, did, and have waiting for them in `deques`; the first `concurrency` of them are active. */
export function schedulerStats<Payload>(
  slots: readonly WorkerSlot<Payload>[],
  deques: WorkerDeques<Payload>,
  concurrency: number,
): TileSchedulerStats {
  const perWorker = slots.map(({ worker, index, running, completed, steals }) => {
    const queued = deques.queuedFor(index);
    return { id: worker.id, active: index < concurrency, queued, running, completed, steals };
  });
  const sum = (key: 'queued' | 'running' | 'completed' | 'steals') =>
    perWorker.reduce((total, worker) => total + worker[key], 0);
  return {
    queued: sum('queued'),
    running: sum('running'),
    completed: sum('completed'),
    steals: sum('steals'),
    concurrency,
    perWorker,
  };
}
