import type { Metrics } from '../../../src/shared/contract/metrics.ts';

/** A sample of a machine at rest, with whatever a test does not care about made up. */
export function madeUpMetrics(given: Partial<Metrics> = {}): Metrics {
  return {
    at: 0,
    processor: { busy: 0, ours: 0, cores: 4 },
    memory: { total: 8e9, used: 2e9, budget: 4e9, processes: [] },
    gpus: [],
    provider: 'CPU',
    queue: { filesWaiting: 0, filesInWork: 0, tilesWaiting: 0, tilesRunning: 0 },
    rates: { tilesPerSecond: 0, megapixelsPerSecond: 0, filesPerMinute: 0 },
    pool: null,
    sessions: [],
    workers: null,
    eventLoopDelay: 1,
    timeLeft: [],
    ...given,
  };
}
