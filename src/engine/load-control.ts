import { type ConcurrencyState, nextConcurrency } from './scheduling/concurrency-controller.ts';

/** Milliseconds between two looks at the load. */
const INTERVAL = 1_000;

/** What is looked at: whoever owns the scheduler and the memory answers. */
export interface Load {
  /** Tiles computed since the engine's start. */
  tilesCompleted(): number;
  /** Tiles that wait for a worker. */
  tilesQueued(): number;
  /** Share of the machine's memory that is taken, 0 to 1. */
  memoryPressure(): number;
  setConcurrency(workers: number): void;
}

/** Looks at the load every second and gives tiles to as many workers as it bears. Returns what ends that. */
export function controlLoad(load: Load, limits: { min: number; max: number }): Disposable {
  let state: ConcurrencyState = { concurrency: limits.max, changedAtMs: performance.now() };
  let last = { at: performance.now(), tiles: load.tilesCompleted() };
  const timer = setInterval(() => {
    const now = { at: performance.now(), tiles: load.tilesCompleted() };
    const sample = {
      atMs: now.at,
      memoryPressure: load.memoryPressure(),
      queueDepth: load.tilesQueued(),
      tilesPerSecond: (1000 * (now.tiles - last.tiles)) / (now.at - last.at),
    };
    last = now;
    const next = nextConcurrency(state, sample, limits);
    if (next.concurrency !== state.concurrency) load.setConcurrency(next.concurrency);
    state = next;
  }, INTERVAL);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
