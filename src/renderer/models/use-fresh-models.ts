import { useEffect } from 'react';
import { useLibrary } from '../stores/library-store.ts';
import { useClient, useSessionStore } from '../stores/session-store.ts';

/**
 * Asks for the models again when they have changed, and when a batch has ended: how fast they are is known better then. Where
 * the recipe's is gone, main has put another into the settings.
 */
export function useFreshModels(): void {
  const client = useClient();
  const running = useLibrary(({ batches }) => batches.values().some(({ state }) => state === 'running'));
  const changes = useLibrary((library) => library.modelChanges);
  useEffect(() => {
    if (running && changes === 0) return;
    const stop = new AbortController();
    // A line that is cut comes back with the models.
    client.models.list(undefined, { signal: stop.signal }).then(
      async (models) => {
        const { session } = useSessionStore.getState();
        if (stop.signal.aborted || !session) return;
        const gone = !models.some(({ id }) => id === session.settings.recipe.model);
        const settings = gone ? await client.settings.get().catch(() => undefined) : undefined;
        useSessionStore.setState(({ session: latest }) => ({
          session: latest && { ...latest, models, ...(settings ? { settings } : {}) },
        }));
      },
      () => {},
    );
    return () => stop.abort();
  }, [client, running, changes]);
}
