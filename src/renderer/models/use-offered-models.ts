import { useCallback, useEffect, useState } from 'react';
import type { OfferedModels } from '../../shared/contract/catalogue.ts';
import { errorOf } from '../../shared/contract/error.ts';
import { useLibrary } from '../stores/library-store.ts';
import { useSession } from '../stores/session-store.ts';

export interface OfferedList {
  /** The last one stays until the next is there. */
  offered: OfferedModels | undefined;
  /** Why there is none. */
  problem: string | undefined;
  again(): void;
}

/** The catalogue: asked for again whenever a download ends, models change, or the settings let or forbid the network. */
export function useOfferedModels(): OfferedList {
  const { client, settings } = useSession();
  const [list, setList] = useState<Omit<OfferedList, 'again'>>({ offered: undefined, problem: undefined });
  const [asked, setAsked] = useState(0);
  const changes = useLibrary((library) => library.modelChanges);
  const running = useLibrary(({ downloads }) => {
    return downloads
      .values()
      .filter(({ state }) => state === 'downloading' || state === 'checking')
      .toArray().length;
  });
  useEffect(() => {
    const stop = new AbortController();
    client.catalogue.list(undefined, { signal: stop.signal }).then(
      (offered) => !stop.signal.aborted && setList({ offered, problem: undefined }),
      (error: unknown) => {
        if (!stop.signal.aborted) setList((last) => ({ ...last, problem: errorOf(error).message }));
      },
    );
    return () => stop.abort();
  }, [client, settings.network, changes, running, asked]);
  const again = useCallback(() => setAsked((times) => times + 1), []);
  return { ...list, again };
}
