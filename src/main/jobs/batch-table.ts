import type { DatabaseSync } from 'node:sqlite';
import { EnlargerError } from '../../shared/errors.ts';
import type { BatchRecord, BatchState } from '../../shared/jobs.ts';
import type { BatchQuery, NewBatch } from './job-store.ts';
import { type BatchRow, batchRecord, type Counts, countsOf } from './rows.ts';

const ENDED: ReadonlySet<BatchState> = new Set(['partial', 'done', 'cancelled']);
const DEFAULT_LIMIT = 100;
/** Why a batch is paused that nobody has paused: it goes on as soon as one of its files does. */
const ALL_PAUSED = 'every file that is left is paused';

/** Batches and their states. Callers hold a transaction. */
export class BatchTable {
  readonly #insert;
  readonly #select;
  readonly #list;
  readonly #count;
  readonly #setState;
  readonly #begin;
  readonly #reopen;
  readonly #end;
  readonly #cancelQueued;
  readonly #resumeQueued;
  readonly #waitingPaused;
  readonly #wake;

  constructor(db: DatabaseSync) {
    this.#insert = db.prepare(
      'INSERT INTO batches (title, recipe, out, shell, state, created) ' +
        "VALUES (:title, :recipe, :out, :shell, 'queued', :created)",
    );
    this.#select = db.prepare('SELECT * FROM batches WHERE id = ?');
    this.#list = db.prepare(
      'SELECT * FROM batches WHERE (:before IS NULL OR id < :before) ' +
        'AND (:states IS NULL OR state IN (SELECT value FROM json_each(:states))) ' +
        'AND (:search IS NULL OR contains(title, :search) OR contains(out, :search)) ' +
        'ORDER BY id DESC LIMIT :limit',
    );
    this.#count = db.prepare(
      'SELECT state, count(*) AS files, sum(pixels) AS pixels FROM files WHERE batch = ? GROUP BY state',
    );
    this.#setState = db.prepare('UPDATE batches SET state = ?, reason = ?, ended = ? WHERE id = ?');
    this.#begin = db.prepare(
      "UPDATE batches SET state = 'running', started = coalesce(started, ?) WHERE id = ?",
    );
    this.#reopen = db.prepare(
      "UPDATE batches SET state = 'queued', reason = NULL, ended = NULL, counts = NULL WHERE id = ?",
    );
    this.#end = db.prepare(
      'UPDATE batches SET state = ?, ended = coalesce(ended, ?), counts = ? WHERE id = ?',
    );
    this.#cancelQueued = db.prepare(
      "UPDATE files SET state = 'cancelled', ended = ? WHERE batch = ? AND state = 'queued'",
    );
    this.#resumeQueued = db.prepare("UPDATE files SET paused = 0 WHERE batch = ? AND state = 'queued'");
    this.#waitingPaused = db.prepare(
      "SELECT count(*) AS files FROM files WHERE batch = ? AND state = 'queued' AND paused = 1",
    );
    this.#wake = db.prepare(
      "UPDATE batches SET state = 'queued', reason = NULL WHERE id = ? AND state = 'paused' AND reason = ?",
    );
  }

  add({ title, recipe, out, shell }: NewBatch): number {
    const row = { title, recipe: JSON.stringify(recipe ?? null), out, shell, created: Date.now() };
    return Number(this.#insert.run(row).lastInsertRowid);
  }

  get(id: number): BatchRecord {
    const row = this.#row(id);
    return batchRecord(row, this.#counts(row));
  }

  list({ search, states, limit, before }: BatchQuery = {}): BatchRecord[] {
    const rows = this.#list.all({
      before: before ?? null,
      states: states ? JSON.stringify(states) : null,
      search: search?.trim() || null,
      limit: limit ?? DEFAULT_LIMIT,
    }) as unknown as BatchRow[];
    return rows.map((row) => batchRecord(row, this.#counts(row)));
  }

  /** `id` itself. Throws `not-found`. */
  expect(id: number): number {
    return this.#row(id).id;
  }

  /** Whether files of it may be taken. */
  isOpen(id: number): boolean {
    const { state } = this.#row(id);
    return state === 'queued' || state === 'running';
  }

  begin(id: number): void {
    this.#begin.run(Date.now(), id);
  }

  /** Makes an ended batch one that waits; leaves any other as it is. Throws `not-found`. */
  reopenIfEnded(id: number): void {
    if (ENDED.has(this.#row(id).state)) this.#reopen.run(id);
  }

  setState(id: number, state: BatchState, reason: string | undefined): void {
    const row = this.#row(id);
    if (ENDED.has(row.state)) {
      if (row.state === state) return;
      throw new EnlargerError(
        'bad-argument',
        `Batch ${id} (${row.title}) is over and cannot become ${state}. Retry its files instead.`,
      );
    }
    if (state === 'cancelled') this.#cancelQueued.run(Date.now(), id);
    // Who queues a batch again of which only paused files are left means those.
    if (state === 'queued' && row.state === 'paused' && row.reason === ALL_PAUSED) this.#resumeQueued.run(id);
    this.#setState.run(state, reason ?? null, ENDED.has(state) ? Date.now() : null, id);
  }

  /** Takes in that these batches have files that wait and are not paused. */
  wake(ids: Iterable<number>): void {
    for (const id of new Set(ids)) this.#wake.run(id, ALL_PAUSED);
  }

  settle(id: number): BatchState {
    const row = this.#row(id);
    if (row.counts !== null) return row.state;
    const counts = this.#counts(row);
    const { queued, decoding, enhancing, encoding, failed, cancelled } = counts.files;
    if (decoding + enhancing + encoding > 0) return row.state;
    if (queued > 0) return this.#settleWaiting(row, queued);
    // Who cancelled a batch shall find it cancelled, whatever became of the files that were in work.
    const ended = failed > 0 ? 'partial' : cancelled > 0 ? 'cancelled' : 'done';
    const state = row.state === 'cancelled' ? 'cancelled' : ended;
    this.#end.run(state, Date.now(), JSON.stringify(counts), id);
    return state;
  }

  /** `queued` files wait and none is in work. */
  #settleWaiting({ id, state }: BatchRow, queued: number): BatchState {
    const isOpen = state === 'queued' || state === 'running';
    if (!isOpen || Number(this.#waitingPaused.get(id)?.files) < queued) return state;
    this.#setState.run('paused', ALL_PAUSED, null, id);
    return 'paused';
  }

  #row(id: number): BatchRow {
    const row = this.#select.get(id) as unknown as BatchRow | undefined;
    if (!row) throw new EnlargerError('not-found', `There is no batch ${id}. It may have been cleared.`);
    return row;
  }

  #counts({ id, counts }: BatchRow): Counts {
    if (counts !== null) return JSON.parse(counts) as Counts;
    return countsOf(this.#count.all(id) as unknown as Parameters<typeof countsOf>[0]);
  }
}
