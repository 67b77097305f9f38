import { existsSync } from 'node:fs';
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** A file as the journal has it. */
export interface JournalFile {
  id: number;
  source: string;
  state: string;
  attempts: number;
  started: number | null;
  ended: number | null;
  target: string | null;
  sha256: string | null;
}

export interface JournalCopy {
  /** `ok`, or what `PRAGMA integrity_check` finds wrong. */
  integrity: string;
  files: JournalFile[];
}

const FILES =
  'SELECT f.id, f.source, f.state, f.attempts, f.started, f.ended, r.target, r.sha256 ' +
  'FROM files f LEFT JOIN results r ON r.file = f.id ORDER BY f.id';

/**
 * What the journal in `home` says, while nobody has it open. It is a copy that is looked at: opening the journal itself would
 * repair what its next user shall repair.
 */
export async function readJournal(home: string): Promise<JournalCopy> {
  const folder = join(home, '..', 'journal-copy');
  await mkdir(folder, { recursive: true });
  try {
    for (const name of ['journal.db', 'journal.db-wal']) {
      if (existsSync(join(home, name))) await copyFile(join(home, name), join(folder, name));
    }
    using db = new DatabaseSync(join(folder, 'journal.db'));
    const integrity = String(db.prepare('PRAGMA integrity_check').get()?.integrity_check);
    // Main may have been killed before it had made any table.
    const begun = db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'files'").get() !== undefined;
    return { integrity, files: begun ? (db.prepare(FILES).all() as unknown as JournalFile[]) : [] };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
