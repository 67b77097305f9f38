import { create } from 'zustand';
import type { EnlargerClient } from '../../shared/contract/contract.ts';
import type { Metrics } from '../../shared/contract/metrics.ts';

interface MetricsStore {
  /** Undefined before the first, and when nobody has followed for a while. */
  latest: Metrics | undefined;
  /** Those of the last minute, the oldest first. */
  history: readonly Metrics[];
  /** Follows main until `signal` aborts, or the line is cut; rejects then. */
  follow(client: EnlargerClient, signal: AbortSignal): Promise<void>;
}

/** Milliseconds of which there is a history. */
const KEPT = 60_000;

/** What the machine is doing. */
export const useMetrics = create<MetricsStore>()((set) => ({
  latest: undefined,
  history: [],
  follow: async (client, signal) => {
    // Main begins with the minute before.
    set({ latest: undefined, history: [] });
    for await (const metrics of await client.metrics(undefined, { signal })) {
      set(({ history }) => ({
        latest: metrics,
        history: [...history.filter(({ at }) => at > metrics.at - KEPT && at !== metrics.at), metrics],
      }));
    }
  },
}));
