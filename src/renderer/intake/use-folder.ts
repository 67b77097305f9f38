import { useEffect, useState } from 'react';
import { errorOf } from '../../shared/contract/error.ts';
import type { Folder } from '../../shared/contract/shell.ts';
import { useClient } from '../stores/session-store.ts';

export interface OpenFolder {
  /** The last one stays until the next is there. */
  folder: Folder | undefined;
  /** Why the folder cannot be listed. */
  problem: string | undefined;
  loading: boolean;
}

/** What is in the folder at `path` below the root. */
export function useFolder(path: string): OpenFolder {
  const client = useClient();
  const [open, setOpen] = useState<OpenFolder>({ folder: undefined, problem: undefined, loading: true });
  useEffect(() => {
    const stop = new AbortController();
    setOpen((last) => ({ ...last, loading: true }));
    client.browse({ path }, { signal: stop.signal }).then(
      (folder) => !stop.signal.aborted && setOpen({ folder, problem: undefined, loading: false }),
      (error: unknown) => {
        if (stop.signal.aborted) return;
        setOpen((last) => ({ ...last, problem: errorOf(error).message, loading: false }));
      },
    );
    return () => stop.abort();
  }, [client, path]);
  return open;
}
