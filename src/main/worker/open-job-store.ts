import { join } from 'node:path';
import type { JobCalls, JobStore } from '../jobs/job-store.ts';
import type { MainWorker } from './start-main-worker.ts';

export interface OpenedJobStore {
  jobs: JobStore;
  /** What the user must be told: a broken journal was found and moved aside. */
  warning: string | undefined;
}

/**
 * The job store whose journal lies in `folder`, asked through main's worker thread. Throws `journal-too-new`, or what
 * keeps the journal from being used.
 */
export async function openJobStore(worker: MainWorker, folder: string): Promise<OpenedJobStore> {
  const warning = await worker.ask('openJournal', { path: join(folder, 'journal.db') });
  return { jobs: jobStore(worker), warning };
}

function jobStore(worker: MainWorker): JobStore {
  const ask =
    <N extends keyof JobCalls>(name: N) =>
    (...args: Parameters<JobCalls[N]>) =>
      worker.ask('jobs', { name, args }) as ReturnType<JobCalls[N]>;
  const listeners = new Set<(batchIds: number[]) => void>();
  let listening = false;
  const listen = async () => {
    listening = true;
    // An empty answer is the journal's end, a failed one the thread's: both end the listening.
    for (;;) {
      const changed = await worker.ask('jobChanges', undefined).catch(() => []);
      if (changed.length === 0) return;
      for (const listener of listeners) listener(changed);
    }
  };
  return {
    addBatch: ask('addBatch'),
    draftBatch: ask('draftBatch'),
    draftFiles: ask('draftFiles'),
    addDraft: ask('addDraft'),
    removeFiles: ask('removeFiles'),
    batches: ask('batches'),
    batch: ask('batch'),
    planOf: ask('planOf'),
    files: ask('files'),
    file: ask('file'),
    hasSource: ask('hasSource'),
    registerOwner: ask('registerOwner'),
    heartbeat: ask('heartbeat'),
    retire: ask('retire'),
    take: ask('take'),
    reclaim: ask('reclaim'),
    recover: ask('recover'),
    move: ask('move'),
    intend: ask('intend'),
    finish: ask('finish'),
    requeue: ask('requeue'),
    strike: ask('strike'),
    setBatchState: ask('setBatchState'),
    pauseFiles: ask('pauseFiles'),
    resumeFiles: ask('resumeFiles'),
    prioritise: ask('prioritise'),
    cancelFiles: ask('cancelFiles'),
    retry: ask('retry'),
    retryFiles: ask('retryFiles'),
    settle: ask('settle'),
    doneBefore: ask('doneBefore'),
    fingerprint: ask('fingerprint'),
    clear: ask('clear'),
    prune: ask('prune'),
    onChange(listener) {
      listeners.add(listener);
      if (!listening) listen();
      return () => {
        listeners.delete(listener);
      };
    },
    close: async () => worker.ask('closeJournal', undefined),
  };
}
