import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { EnlargerError } from '../../shared/errors.ts';
import { folderError, journalError } from './journal-error.ts';
import { migrations } from './migrations/index.ts';

/** Milliseconds to wait for another process that is writing. */
const BUSY_TIMEOUT = 10_000;
const BUSY = 5;

/**
 * Opens the database at `path`, made if missing, checked and brought to the current schema. Throws
 * `journal-too-new` for one of a newer Enlarger, `journal-broken` for a damaged one, and for a folder that cannot be
 * used `permission-denied` or `disk-full`.
 */
export function openDatabase(path: string): DatabaseSync {
  inFolderOf(path, (folder) => mkdirSync(folder, { recursive: true, mode: 0o700 }));
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT });
    refuseNewer(db, path);
    useWriteAheadLog(db);
    // Without FULL, a commit that was answered could be gone after a power failure.
    db.exec('PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;');
    check(db, path);
    migrate(db, path);
    return db;
  } catch (error) {
    db?.close();
    throw journalError(error, path);
  }
}

/** What tells the journal at `path` from one that lies there later; undefined where there is none. Throws as above. */
export function inodeOf(path: string): bigint | undefined {
  return inFolderOf(path, () => statSync(path, { bigint: true, throwIfNoEntry: false })?.ino);
}

/** Moves a broken journal and its log out of the way. Returns where it lies now. Throws as above. */
export function setAside(path: string, now: Date): string {
  const date = now.toISOString().replaceAll(':', '-').replace('Z', '');
  return inFolderOf(path, (folder) => {
    const broken = join(folder, `journal.broken-${date}.db`);
    renameSync(path, broken);
    if (existsSync(`${path}-wal`)) renameSync(`${path}-wal`, `${broken}-wal`);
    rmSync(`${path}-shm`, { force: true });
    return broken;
  });
}

/** Does `work` in the folder of the journal at `path`; what the system has against it is said in words. */
function inFolderOf<T>(path: string, work: (folder: string) => T): T {
  const folder = dirname(path);
  try {
    return work(folder);
  } catch (error) {
    throw folderError(error, folder);
  }
}

function version(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.user_version);
}

function refuseNewer(db: DatabaseSync, path: string): void {
  if (version(db) <= migrations.length) return;
  throw new EnlargerError(
    'journal-too-new',
    `${path}: this journal was written by a newer Enlarger. Install the newer Enlarger, ` +
      'or set ENLARGER_HOME to another folder to begin a journal of its own.',
    { file: path },
  );
}

function useWriteAheadLog(db: DatabaseSync): void {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  // Two processes that begin a journal at once: SQLite refuses one of them here without waiting.
  for (let waited = 0; ; waited += 10) {
    try {
      db.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if ((error as { errcode?: number }).errcode !== BUSY || waited >= BUSY_TIMEOUT) throw error;
      Atomics.wait(pause, 0, 0, 10);
    }
  }
}

function check(db: DatabaseSync, path: string): void {
  const verdict = db.prepare('PRAGMA quick_check(1)').get()?.quick_check;
  if (verdict === 'ok') return;
  throw new EnlargerError('journal-broken', `${path}: the journal is damaged (${verdict}).`, { file: path });
}

function migrate(db: DatabaseSync, path: string): void {
  if (version(db) === migrations.length) return;
  db.exec('BEGIN IMMEDIATE');
  try {
    // Asked again inside of the transaction: another process may have been faster.
    refuseNewer(db, path);
    for (let done = version(db); done < migrations.length; done++) {
      db.exec(migrations[done] as string);
      db.exec(`PRAGMA user_version = ${done + 1}`);
    }
    db.exec('COMMIT');
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}
