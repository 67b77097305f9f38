import type { EnlargerError } from '../../shared/errors.ts';
import type { ChangeFeed } from './change-feed.ts';
import { Drafts } from './drafts.ts';
import { fingerprint } from './fingerprint.ts';
import { GroupCommit } from './group-commit.ts';
import type { JobCalls } from './job-store.ts';
import { Journal } from './journal.ts';
import { inodeOf, setAside } from './open-database.ts';
import { recover } from './recover.ts';

/** What the worker thread does for a JobStore. */
export interface JobService {
  calls: JobCalls;
  close(): void;
  /** Set if a broken journal was found: what became of it, for the user. */
  warning: string | undefined;
}

/**
 * Opens the journal at `path` and serves it, telling `feed` which batches change. A broken journal is moved aside and
 * a new one begun.
 */
export function openJobService(path: string, feed: ChangeFeed): JobService {
  const { journal, warning } = openOrBegin(path);
  const commit = new GroupCommit(journal);
  const { batches, files, leases, outcomes, fingerprints, housekeeping } = journal;

  /** Makes a change durable and tells which batches it was about. */
  const change = async <T>(work: () => { answer: T; changed: Iterable<number> }): Promise<T> => {
    const { answer, changed } = await commit.write(work);
    for (const id of changed) feed.add(id);
    return answer;
  };
  const inBatches = (work: () => Iterable<number>) => change(() => ({ answer: undefined, changed: work() }));
  const read = async <T>(work: () => T): Promise<T> => {
    commit.flush();
    return journal.read(work);
  };

  const drafts = new Drafts();
  const addBatch: JobCalls['addBatch'] = (batch) =>
    change(() => {
      const id = batches.add(batch);
      files.add(id, batch.files);
      return { answer: id, changed: [id] };
    });

  const calls: JobCalls = {
    addBatch,
    draftBatch: async (batch) => drafts.begin(batch),
    draftFiles: async (draft, added) => drafts.append(draft, added),
    addDraft: async (draft) => addBatch(drafts.take(draft)),
    removeFiles: (ids) =>
      change(() => {
        const changed = files.remove(ids);
        return { answer: changed.length, changed };
      }),
    batches: (query) => read(() => batches.list(query)),
    batch: (id) => read(() => batches.get(id)),
    planOf: (id) => read(() => files.planOf(batches.expect(id))),
    files: (id, query) => read(() => files.list(batches.expect(id), query)),
    file: (id) => read(() => files.get(id)),
    hasSource: (id, identity) => read(() => files.hasSource(id, identity)),

    registerOwner: () => commit.write(() => leases.registerOwner()),
    heartbeat: (owner) => commit.write(() => leases.heartbeat(owner)),
    retire: (owner) => commit.write(() => leases.retire(owner)),
    take: (id, owner, count) =>
      change(() => {
        if (!batches.isOpen(id)) return { answer: [], changed: [] };
        const answer = leases.take(id, owner, count);
        if (answer.length > 0) batches.begin(id);
        return { answer, changed: answer.length > 0 ? [id] : [] };
      }),
    reclaim: (owner) => commit.write(() => leases.reclaim(owner)),
    recover: (owner) => recover(calls, owner),

    move: async (owner, id, state) =>
      commit.note(() => {
        const batch = outcomes.move(owner, id, state);
        if (batch !== undefined) feed.add(batch);
      }),
    intend: (owner, id, intent) => inBatches(() => [outcomes.intend(owner, id, intent)]),
    finish: (owner, id, outcome) => inBatches(() => [outcomes.finish(owner, id, outcome)]),
    requeue: (owner, ids) => inBatches(() => ids.map((id) => outcomes.requeue(owner, id))),
    strike: (id, reason) =>
      change(() => {
        const { strikes, batch } = outcomes.strike(id, reason);
        return { answer: strikes, changed: [batch] };
      }),

    setBatchState: (id, state, reason) =>
      inBatches(() => {
        batches.setState(id, state, reason);
        return [id];
      }),
    pauseFiles: (ids) => inBatches(() => files.pause(ids, true)),
    resumeFiles: (ids) =>
      inBatches(() => {
        const changed = files.pause(ids, false);
        batches.wake(changed);
        return changed;
      }),
    prioritise: (ids) => inBatches(() => files.prioritise(ids)),
    cancelFiles: (ids) =>
      change(() => {
        const { batches: changed, inWork } = files.cancel(ids);
        return { answer: inWork, changed };
      }),
    retry: (id, which) =>
      change(() => {
        batches.expect(id);
        const count =
          (which.failed ? files.retry(id, 'failed') : 0) +
          (which.cancelled ? files.retry(id, 'cancelled') : 0);
        if (count > 0) {
          batches.reopenIfEnded(id);
          batches.wake([id]);
        }
        return { answer: count, changed: [id] };
      }),
    retryFiles: (ids) =>
      change(() => {
        const changed = files.retryFiles(ids);
        for (const id of new Set(changed)) {
          batches.reopenIfEnded(id);
          batches.wake([id]);
        }
        return { answer: changed, changed };
      }),
    settle: (id) => change(() => ({ answer: batches.settle(id), changed: [id] })),

    doneBefore: (key) => read(() => outcomes.doneBefore(key)),
    fingerprint: (file) =>
      fingerprint(file, {
        get: (stats) => fingerprints.get(stats),
        set: (stats, sha256) => commit.note(() => fingerprints.set(stats, sha256)),
      }),

    clear: (what) =>
      change(() => {
        const changed = housekeeping.clear(what);
        return { answer: changed.length, changed };
      }),
    prune: (bounds) =>
      change(() => {
        const changed = housekeeping.prune(bounds);
        return { answer: changed.length, changed };
      }),
  };
  return {
    calls,
    warning,
    close: () => {
      try {
        commit.flush();
        journal.transaction(() => leases.retireAll());
      } finally {
        journal.close();
      }
    },
  };
}

function openOrBegin(path: string): { journal: Journal; warning: string | undefined } {
  const inode = inodeOf(path);
  try {
    return { journal: new Journal(path), warning: undefined };
  } catch (error) {
    if ((error as EnlargerError).code !== 'journal-broken') throw error;
    // Another process may have moved it aside by now: what lies there then is a new one.
    if (inodeOf(path) !== inode) return openOrBegin(path);
    const broken = setAside(path, new Date());
    const warning =
      `${(error as EnlargerError).message} It lies in ${broken} now, and a new one has begun: ` +
      'batches that were not finished have to be started again. Pictures are not affected.';
    return { journal: new Journal(path), warning };
  }
}
