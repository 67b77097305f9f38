import type { BigIntStats } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';

/** Hashes of files, known again while device, inode, size and time of change stay the same. */
export class FingerprintTable {
  readonly #select;
  readonly #insert;
  readonly #trim;

  constructor(db: DatabaseSync) {
    this.#select = db.prepare(
      'SELECT sha256 FROM fingerprints WHERE device = ? AND inode = ? AND size = ? AND mtime_ns = ?',
    );
    this.#insert = db.prepare(
      'INSERT OR REPLACE INTO fingerprints (device, inode, size, mtime_ns, sha256) VALUES (?, ?, ?, ?, ?)',
    );
    this.#trim = db.prepare(
      'DELETE FROM fingerprints WHERE rowid <= (SELECT max(rowid) - ? FROM fingerprints)',
    );
  }

  get(stats: BigIntStats): string | undefined {
    const sha256 = this.#select.get(...keyOf(stats))?.sha256;
    return typeof sha256 === 'string' ? sha256 : undefined;
  }

  set(stats: BigIntStats, sha256: string): void {
    this.#insert.run(...keyOf(stats), sha256);
  }

  /** Forgets all but the newest `count`. */
  trim(count: number): void {
    this.#trim.run(count);
  }
}

function keyOf({ dev, ino, size, mtimeNs }: BigIntStats): [string, string, string, string] {
  return [String(dev), String(ino), String(size), String(mtimeNs)];
}
