import { useEffect } from 'react';
import { useLibrary } from '../stores/library-store.ts';
import { useClient, useSessionStore } from '../stores/session-store.ts';

/** Asks for the models again when a batch has ended: how fast they are here is known better then. */
export function useFreshSpeeds(): void {
  const client = useClient();
  const running = useLibrary(({ batches }) => batches.values().some(({ state }) => state === 'running'));
  useEffect(() => {
    if (running) return;
    // A line that is cut comes back with the models.
    client.models.list().then(
      (models) => useSessionStore.setState(({ session }) => ({ session: session && { ...session, models } })),
      () => {},
    );
  }, [client, running]);
}
