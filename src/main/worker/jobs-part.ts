import { EnlargerError } from '../../shared/errors.ts';
import { ChangeFeed } from '../jobs/change-feed.ts';
import { type JobService, openJobService } from '../jobs/job-service.ts';
import type { JobCalls } from '../jobs/job-store.ts';

export interface JobCall {
  name: keyof JobCalls;
  args: unknown[];
}

interface Opened {
  path: string;
  service: JobService;
  feed: ChangeFeed;
}

/** The journal's part of main's worker thread: one journal, until it is closed. */
export function jobsPart() {
  let opened: Opened | undefined;
  const expectOpen = () => {
    if (!opened) throw new EnlargerError('internal', 'The journal is not open.');
    return opened;
  };
  return {
    /** Resolves to what the user must be told, if anything. */
    openJournal: async ({ path }: { path: string }): Promise<string | undefined> => {
      if (opened) throw new EnlargerError('internal', 'The journal is open already.');
      const feed = new ChangeFeed();
      opened = { path, feed, service: openJobService(path, feed) };
      return opened.service.warning;
    },
    jobs: async ({ name, args }: JobCall): Promise<unknown> => {
      const journal = expectOpen();
      const { service } = journal;
      const call = service.calls[name] as (...args: unknown[]) => Promise<unknown>;
      try {
        return await call(...args);
      } catch (error) {
        throw broken(error) ? reopen(journal, service, error) : error;
      }
    },
    jobChanges: async (): Promise<number[]> => expectOpen().feed.next(),
    closeJournal: async (): Promise<void> => {
      const closing = opened;
      opened = undefined;
      closing?.feed.close();
      closing?.service.close();
    },
  };
}

function broken(error: unknown): error is EnlargerError {
  return error instanceof EnlargerError && error.code === 'journal-broken';
}

/** Opening looks at the whole journal and moves it aside if need be. Returns the error that tells of it. */
function reopen(journal: Opened, failed: JobService, error: EnlargerError): EnlargerError {
  // Of several calls that fail over it, the first does this.
  if (journal.service === failed) {
    try {
      failed.close();
    } catch {
      // Nothing more can be written to it; that is why it is given up.
    }
    journal.service = openJobService(journal.path, journal.feed);
  }
  return new EnlargerError('journal-broken', journal.service.warning ?? error.message, {
    file: journal.path,
    cause: error,
  });
}
