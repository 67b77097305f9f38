import { useEffect, useState } from 'react';
import type { BatchRecord } from '../../shared/jobs.ts';
import { useLibrary } from '../stores/library-store.ts';
import { useClient } from '../stores/session-store.ts';
import { useAttempt } from '../stores/use-attempt.ts';

/** Batches that are asked for at once. */
const PAGE = 50;
/** Milliseconds after a key before what was typed so far is searched for. */
const PATIENCE = 150;

interface Listed {
  search: string;
  batches: readonly BatchRecord[];
  /** Whether there may be older ones. */
  more: boolean;
}

/** The batches of the journal in which `search` is found, the newest first, as they are now. */
export function useHistory(search: string) {
  const client = useClient();
  const attempt = useAttempt();
  const known = useLibrary((library) => library.batches);
  // A batch that is made or cleared meanwhile changes the list, one that goes on does not.
  const made = useLibrary(({ batches }) => Math.max(0, ...batches.keys()));
  const [asked, setAsked] = useState(search);
  const [listed, setListed] = useState<Listed>();

  useEffect(() => {
    const timer = setTimeout(() => setAsked(search), PATIENCE);
    return () => clearTimeout(timer);
  }, [search]);

  useEffect(() => {
    let wanted = true;
    void attempt(() => client.batches.list(queryOf(asked))).then((batches) => {
      if (wanted && batches) setListed({ search: asked, batches, more: batches.length === PAGE });
    });
    return () => {
      wanted = false;
    };
  }, [attempt, client, asked, made]);

  const showMore = async () => {
    const last = listed?.batches.at(-1);
    if (!listed || !last) return;
    const older = await attempt(() => client.batches.list({ ...queryOf(listed.search), before: last.id }));
    if (!older) return;
    const longer = { ...listed, batches: [...listed.batches, ...older], more: older.length === PAGE };
    setListed((latest) => (latest === listed ? longer : latest));
  };
  const forget = (batchIds: ReadonlySet<number>) =>
    setListed(
      (latest) => latest && { ...latest, batches: latest.batches.filter(({ id }) => !batchIds.has(id)) },
    );

  return {
    search: listed?.search ?? '',
    /** Undefined before the first answer. */
    batches: listed?.batches.map((batch) => known.get(batch.id) ?? batch),
    more: listed?.more ?? false,
    showMore,
    forget,
  };
}

function queryOf(search: string) {
  const trimmed = search.trim();
  return { limit: PAGE, ...(trimmed === '' ? {} : { search: trimmed }) };
}
