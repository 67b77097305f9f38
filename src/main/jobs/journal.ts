import type { DatabaseSync } from 'node:sqlite';
import { BatchTable } from './batch-table.ts';
import { FileTable } from './file-table.ts';
import { FingerprintTable } from './fingerprint-table.ts';
import { Housekeeping } from './housekeeping.ts';
import { journalError } from './journal-error.ts';
import { LeaseTable } from './lease-table.ts';
import { openDatabase } from './open-database.ts';
import { OutcomeTable } from './outcome-table.ts';
import { PlanTable } from './plan-table.ts';

/**
 * The job queue in one SQLite file. Everything here is synchronous and waits for the disk, so that it belongs into
 * a worker thread. Several processes may have one journal open at once.
 */
export class Journal {
  readonly path: string;
  readonly batches: BatchTable;
  readonly files: FileTable;
  readonly leases: LeaseTable;
  readonly outcomes: OutcomeTable;
  readonly fingerprints: FingerprintTable;
  readonly housekeeping: Housekeeping;
  readonly #db: DatabaseSync;
  readonly #begin;
  readonly #commit;
  readonly #rollback;
  readonly #savepoint;
  readonly #release;
  readonly #undo;

  /**
   * Opens the journal at `path`, made if missing. Throws `journal-too-new`, `journal-broken`, or what keeps the file
   * from being used. `now`: milliseconds of a clock that never goes back.
   */
  constructor(path: string, now: () => number = () => performance.now()) {
    this.path = path;
    const db = openDatabase(path);
    this.#db = db;
    db.function('contains', { deterministic: true }, (text, part) =>
      fold(text).includes(fold(part)) ? 1 : 0,
    );
    const plans = new PlanTable(db);
    this.batches = new BatchTable(db);
    this.files = new FileTable(db, plans);
    this.leases = new LeaseTable(db, plans, now);
    this.outcomes = new OutcomeTable(db);
    this.fingerprints = new FingerprintTable(db);
    this.housekeeping = new Housekeeping(db, {
      batches: this.batches,
      plans,
      fingerprints: this.fingerprints,
    });
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#commit = db.prepare('COMMIT');
    this.#rollback = db.prepare('ROLLBACK');
    this.#savepoint = db.prepare('SAVEPOINT part');
    this.#release = db.prepare('RELEASE part');
    this.#undo = db.prepare('ROLLBACK TO part');
  }

  /** Does `work` as a whole or not at all; durable when it returns. */
  transaction<T>(work: () => T): T {
    try {
      this.#begin.run();
      const result = work();
      this.#commit.run();
      return result;
    } catch (error) {
      if (this.#db.isTransaction) this.#rollback.run();
      throw journalError(error, this.path);
    }
  }

  /** Within a transaction: does `work`, or undoes it alone if it throws. */
  part<T>(work: () => T): T {
    this.#savepoint.run();
    try {
      return work();
    } catch (error) {
      // Where the disk is full, SQLite has given up the whole transaction already.
      if (this.#db.isTransaction) this.#undo.run();
      throw journalError(error, this.path);
    } finally {
      if (this.#db.isTransaction) this.#release.run();
    }
  }

  read<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw journalError(error, this.path);
    }
  }

  get inTransaction(): boolean {
    return this.#db.isTransaction;
  }

  close(): void {
    if (this.#db.isOpen) this.#db.close();
  }
}

function fold(text: unknown): string {
  return String(text).normalize('NFC').toLowerCase();
}
