import type { DatabaseSync } from 'node:sqlite';
import { EnlargerError } from '../../shared/errors.ts';
import type { BatchTable } from './batch-table.ts';
import type { FingerprintTable } from './fingerprint-table.ts';
import type { Bounds } from './job-store.ts';
import type { PlanTable } from './plan-table.ts';

const MOST_BATCHES = 500;
const MOST_FILES = 1_000_000;
const MOST_FINGERPRINTS = 1_000_000;

interface Tables {
  batches: BatchTable;
  plans: PlanTable;
  fingerprints: FingerprintTable;
}

/** Keeps the journal bounded. Only rows go, never pictures; callers hold a transaction. */
export class Housekeeping {
  readonly #tables: Tables;
  readonly #remove;
  readonly #inWork;
  readonly #endedBefore;
  readonly #ended;

  constructor(db: DatabaseSync, tables: Tables) {
    this.#tables = tables;
    this.#remove = db.prepare('DELETE FROM batches WHERE id = ?');
    this.#inWork = db.prepare(
      "SELECT count(*) AS files FROM files WHERE batch = ? AND state IN ('decoding', 'enhancing', 'encoding')",
    );
    this.#endedBefore = db.prepare('SELECT id FROM batches WHERE ended < ?');
    this.#ended = db.prepare(
      'SELECT id, (SELECT count(*) FROM files WHERE batch = batches.id) AS files ' +
        'FROM batches WHERE ended IS NOT NULL ORDER BY ended DESC, id DESC',
    );
  }

  clear(what: { batchIds: number[] } | { endedBefore: number }): number[] {
    if ('batchIds' in what) {
      for (const id of what.batchIds) this.#expectEnded(id);
      return this.#forget(what.batchIds);
    }
    const ids = this.#endedBefore.all(what.endedBefore).map(({ id }) => Number(id));
    return this.#forget(ids.filter((id) => !this.#hasWork(id)));
  }

  prune({ batches = MOST_BATCHES, files = MOST_FILES }: Bounds = {}): number[] {
    const ended = this.#ended.all() as unknown as { id: number; files: number }[];
    let kept = 0;
    const beyond = ended.filter((batch, index) => {
      kept += batch.files;
      return index >= batches || kept > files;
    });
    this.#tables.fingerprints.trim(MOST_FINGERPRINTS);
    return this.#forget(beyond.map(({ id }) => id).filter((id) => !this.#hasWork(id)));
  }

  #forget(ids: number[]): number[] {
    for (const id of ids) this.#remove.run(id);
    if (ids.length > 0) this.#tables.plans.removeUnused();
    return ids;
  }

  #expectEnded(id: number): void {
    const { endedAt, title } = this.#tables.batches.get(id);
    if (endedAt !== null && !this.#hasWork(id)) return;
    throw new EnlargerError(
      'bad-argument',
      `Batch ${id} (${title}) is not over. Cancel it before clearing it.`,
    );
  }

  #hasWork(id: number): boolean {
    return Number(this.#inWork.get(id)?.files) > 0;
  }
}
