import type { DatabaseSync } from 'node:sqlite';
import { EnlargerError } from '../../shared/errors.ts';
import type { FileRecord } from '../../shared/jobs.ts';
import type { Plan } from '../../shared/plan.ts';
import type { FileQuery, NewFile } from './job-store.ts';
import type { PlanTable } from './plan-table.ts';
import { type FileRow, fileRecord, SELECT_FILE } from './rows.ts';

const DEFAULT_LIMIT = 1_000;

const COLUMNS = [
  ...['batch', 'position', 'state', 'ended', 'pixels', 'source', 'folder', 'identity', 'facts', 'target'],
  ...['format', 'quality', 'remove_gps', 'notes', 'source_size', 'source_mtime_ns', 'plan', 'code', 'reason'],
] as const;

/** Files of batches: adding, finding, and the changes that people make to those that wait. */
export class FileTable {
  readonly #plans: PlanTable;
  readonly #insert;
  readonly #select;
  readonly #list;
  readonly #remove;
  readonly #pause;
  readonly #front;
  readonly #prioritise;
  readonly #cancel;
  readonly #state;
  readonly #retry;
  readonly #retryOne;
  readonly #bySource;
  readonly #planKey;

  constructor(db: DatabaseSync, plans: PlanTable) {
    this.#plans = plans;
    this.#insert = db.prepare(
      `INSERT INTO files (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map((name) => `:${name}`).join(', ')})`,
    );
    this.#select = db.prepare(`${SELECT_FILE} WHERE f.id = ?`);
    this.#list = db.prepare(
      `${SELECT_FILE} WHERE f.batch = :batch AND f.position > :after ` +
        'AND (:states IS NULL OR f.state IN (SELECT value FROM json_each(:states))) ' +
        'AND (:search IS NULL OR contains(f.source, :search)) ORDER BY f.position LIMIT :limit',
    );
    this.#remove = db.prepare("DELETE FROM files WHERE id = ? AND state = 'queued' RETURNING batch");
    this.#pause = db.prepare("UPDATE files SET paused = ? WHERE id = ? AND state = 'queued' RETURNING batch");
    this.#front = db.prepare('SELECT max(priority) + 1 AS priority FROM files WHERE batch = ?');
    this.#prioritise = db.prepare("UPDATE files SET priority = ? WHERE id = ? AND state = 'queued'");
    this.#cancel = db.prepare(
      "UPDATE files SET state = 'cancelled', ended = ? WHERE id = ? AND state = 'queued' RETURNING batch",
    );
    this.#state = db.prepare('SELECT batch, owner, state FROM files WHERE id = ?');
    this.#retry = db.prepare(
      "UPDATE files SET state = 'queued', paused = 0, strikes = 0, ended = NULL, code = NULL, reason = NULL " +
        'WHERE batch = ? AND state = ? AND plan IS NOT NULL',
    );
    this.#retryOne = db.prepare(
      "UPDATE files SET state = 'queued', paused = 0, strikes = 0, ended = NULL, code = NULL, reason = NULL " +
        "WHERE id = ? AND state IN ('failed', 'cancelled') AND plan IS NOT NULL RETURNING batch",
    );
    this.#bySource = db.prepare('SELECT 1 FROM files WHERE batch = ? AND identity = ? LIMIT 1');
    this.#planKey = db.prepare(
      'SELECT plan FROM files WHERE batch = ? AND plan IS NOT NULL ORDER BY position LIMIT 1',
    );
  }

  hasSource(batch: number, identity: string): boolean {
    return this.#bySource.get(batch, identity) !== undefined;
  }

  planOf(batch: number): Plan | undefined {
    const key = this.#planKey.get(batch)?.plan;
    return typeof key === 'string' ? this.#plans.get(key) : undefined;
  }

  /** `batch` has none yet. */
  add(batch: number, files: readonly NewFile[]): void {
    const keys = new Map<object, string>();
    const keyOf = (file: NewFile) => {
      if (!('plan' in file)) return null;
      // Files of a batch mostly share one plan object.
      const key = keys.get(file.plan) ?? this.#plans.add(file.plan);
      keys.set(file.plan, key);
      return key;
    };
    for (const [position, file] of files.entries()) {
      this.#insert.run({ ...rowOf(file), batch, position, plan: keyOf(file) });
    }
  }

  get(id: number): FileRecord {
    const row = this.#select.get(id) as unknown as FileRow | undefined;
    if (!row) throw noFile(id);
    return fileRecord(row);
  }

  list(batch: number, { states, after, limit, search }: FileQuery = {}): FileRecord[] {
    const rows = this.#list.all({
      batch,
      after: after ?? -1,
      states: states ? JSON.stringify(states) : null,
      search: search?.trim() || null,
      limit: limit ?? DEFAULT_LIMIT,
    }) as unknown as FileRow[];
    return rows.map(fileRecord);
  }

  /** The batches of those that were queued, one entry a file; so do the other changes answer. */
  remove(ids: readonly number[]): number[] {
    return ids.flatMap((id) => batchOf(this.#remove.get(id)));
  }

  pause(ids: readonly number[], paused: boolean): number[] {
    return ids.flatMap((id) => batchOf(this.#pause.get(paused ? 1 : 0, id)));
  }

  prioritise(ids: readonly number[]): number[] {
    const batches = ids.map((id) => this.#known(id).batch);
    const fronts = new Map(
      [...new Set(batches)].map((batch) => [batch, Number(this.#front.get(batch)?.priority)]),
    );
    for (const [index, id] of ids.entries()) {
      this.#prioritise.run(fronts.get(batches[index] as number) as number, id);
    }
    return batches;
  }

  cancel(ids: readonly number[]): { batches: number[]; inWork: number[] } {
    const batches = ids.flatMap((id) => batchOf(this.#cancel.get(Date.now(), id)));
    return { batches, inWork: ids.filter((id) => this.#known(id).owner !== null) };
  }

  /** How many files of `batch` are in the queue again. Files without a plan have nothing to be tried. */
  retry(batch: number, state: 'failed' | 'cancelled'): number {
    return Number(this.#retry.run(batch, state).changes);
  }

  /** The batches of those that are in the queue again, one entry a file. */
  retryFiles(ids: readonly number[]): number[] {
    return ids.flatMap((id) => batchOf(this.#retryOne.get(id)));
  }

  #known(id: number): { batch: number; owner: number | null } {
    const row = this.#state.get(id) as { batch: number; owner: number | null } | undefined;
    if (!row) throw noFile(id);
    return row;
  }
}

export function noFile(id: number): EnlargerError {
  return new EnlargerError('not-found', `There is no file ${id} in the journal. It may have been cleared.`);
}

function batchOf(row: unknown): number[] {
  return row ? [(row as { batch: number }).batch] : [];
}

function rowOf(file: NewFile) {
  if ('ended' in file) {
    const { source, identity, target, ended } = file;
    return {
      ...{ source, target: target ?? null, state: ended.state, ended: Date.now(), reason: ended.reason },
      ...{ code: ended.state === 'failed' ? ended.code : null, notes: '[]', folder: '' },
      identity: identity ?? '',
      ...{
        facts: null,
        pixels: 0,
        format: null,
        quality: null,
        remove_gps: 0,
        source_size: 0,
        source_mtime_ns: '0',
      },
    };
  }
  const { source, folder, identity, facts, target, format, quality } = file;
  return {
    ...{
      source,
      folder,
      identity,
      target,
      format,
      quality: quality ?? null,
      notes: JSON.stringify(file.notes),
    },
    ...{ facts: JSON.stringify(facts), pixels: facts.width * facts.height },
    ...{ source_size: file.sourceSize, source_mtime_ns: file.sourceMtimeNs },
    ...{ state: 'queued', ended: null, code: null, reason: null, remove_gps: file.removeGps ? 1 : 0 },
  };
}
