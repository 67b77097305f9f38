import { useEffect } from 'react';
import { useSessionStore } from '../stores/session-store.ts';
import { useMetrics } from './metrics-store.ts';

/** How many parts of the page want metrics now; main takes them only while somebody does. */
let wanting = 0;
let line: AbortController | undefined;

/** Keeps `useMetrics` true while `wanted`, as long as the line is open. */
export function useMetricsLine(wanted: boolean): void {
  const client = useSessionStore(({ session }) => session?.client);
  const open = useSessionStore(({ state }) => state === 'open');
  useEffect(() => {
    if (!wanted || !open || !client) return;
    wanting += 1;
    if (!line) {
      line = new AbortController();
      useMetrics
        .getState()
        .follow(client, line.signal)
        .catch(() => {});
    }
    return () => {
      wanting -= 1;
      if (wanting > 0) return;
      // There is nobody to be told where the line is cut.
      if (useSessionStore.getState().state === 'open') line?.abort();
      line = undefined;
    };
  }, [client, open, wanted]);
}
