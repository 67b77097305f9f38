import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { EnlargerError } from '../../shared/errors.ts';
import type { Intent, LeasedFile, Owner, Reclaimed } from './job-store.ts';
import { OwnerWatch } from './owner-watch.ts';
import type { PlanTable } from './plan-table.ts';
import { isRunning, type ProcessIdentity, thisProcess } from './process-identity.ts';
import { type FileRow, leasedFile, SELECT_FILE } from './rows.ts';

interface OwnerRow extends ProcessIdentity {
  id: number;
  beats: number;
  gone: number;
}

/** Owners and what they have in work. Callers hold a transaction. */
export class LeaseTable {
  readonly #plans: PlanTable;
  readonly #here = thisProcess();
  readonly #mine = new Set<number>();
  readonly #watch: OwnerWatch;
  readonly #insertOwner;
  readonly #owners;
  readonly #beat;
  readonly #retire;
  readonly #removeOwner;
  readonly #next;
  readonly #lease;
  readonly #takeOver;
  readonly #held;
  readonly #intent;

  /** `now`: milliseconds of a clock that never goes back. */
  constructor(db: DatabaseSync, plans: PlanTable, now: () => number) {
    this.#plans = plans;
    this.#watch = new OwnerWatch(now);
    this.#insertOwner = db.prepare(
      'INSERT INTO owners (token, pid, host, boot, namespace, started) ' +
        'VALUES (:token, :pid, :host, :boot, :namespace, :started)',
    );
    this.#owners = db.prepare('SELECT * FROM owners WHERE id <> ?');
    this.#beat = db.prepare('UPDATE owners SET beats = beats + 1 WHERE id = ? AND gone = 0');
    this.#retire = db.prepare('UPDATE owners SET gone = 1 WHERE id = ?');
    this.#removeOwner = db.prepare('DELETE FROM owners WHERE id = ?');
    this.#next = db.prepare(
      `${SELECT_FILE} WHERE f.batch = ? AND f.state = 'queued' AND f.paused = 0 ` +
        'ORDER BY f.priority DESC, f.position LIMIT ?',
    );
    this.#lease = db.prepare(
      "UPDATE files SET state = 'decoding', owner = :owner, attempts = :attempts, started = :started, " +
        'temporary = :temporary, ended = NULL WHERE id = :id',
    );
    this.#takeOver = db.prepare('UPDATE files SET owner = ? WHERE owner = ?');
    this.#held = db.prepare(`${SELECT_FILE} WHERE f.owner = ? ORDER BY f.id`);
    this.#intent = db.prepare('SELECT intent, written FROM intents WHERE file = ?');
  }

  registerOwner(): Owner {
    const token = randomBytes(6).toString('hex');
    const { lastInsertRowid } = this.#insertOwner.run({ token, ...this.#here });
    const id = Number(lastInsertRowid);
    this.#mine.add(id);
    return { id, pid: this.#here.pid, token };
  }

  heartbeat({ id }: Owner): void {
    if (this.#beat.run(id).changes === 0) throw ownerLost();
  }

  retire({ id }: Pick<Owner, 'id'>): void {
    this.#mine.delete(id);
    this.#retire.run(id);
  }

  retireAll(): void {
    for (const id of this.#mine) this.retire({ id });
  }

  take(batch: number, owner: Owner, count: number): LeasedFile[] {
    this.heartbeat(owner);
    const rows = this.#next.all(batch, count) as unknown as FileRow[];
    return rows.map((row) => {
      const attempts = row.attempts + 1;
      const name = `.enlarger-${owner.token}-${row.id}-${attempts}.part`;
      const temporary = join(dirname(row.target ?? ''), name);
      const started = Date.now();
      this.#lease.run({ id: row.id, owner: owner.id, attempts, started, temporary });
      return this.#leased({ ...row, state: 'decoding', attempts, started, temporary });
    });
  }

  reclaim(owner: Owner): Reclaimed[] {
    this.heartbeat(owner);
    const reclaimed: Reclaimed[] = [];
    for (const other of this.#owners.all(owner.id) as unknown as OwnerRow[]) {
      if (!this.#isDead(other)) continue;
      for (const row of this.#held.all(other.id) as unknown as FileRow[]) {
        reclaimed.push({ file: this.#leased(row), intent: this.#intentOf(row.id) });
      }
      this.#takeOver.run(owner.id, other.id);
      this.#removeOwner.run(other.id);
      this.#watch.forget(other.id);
    }
    return reclaimed;
  }

  #isDead(other: OwnerRow): boolean {
    if (other.gone === 1) return true;
    if (this.#mine.has(other.id)) return false;
    // Another journal in this very process may have been left behind: only silence tells.
    const running =
      other.pid === this.#here.pid && other.started === this.#here.started
        ? undefined
        : isRunning(other, this.#here);
    return running === undefined ? this.#watch.isSilent(other.id, other.beats) : !running;
  }

  #intentOf(file: number): Reclaimed['intent'] {
    const row = this.#intent.get(file);
    return row && { ...(JSON.parse(String(row.intent)) as Intent), writtenAt: Number(row.written) };
  }

  #leased(row: FileRow): LeasedFile {
    return leasedFile(row, this.#plans.get(row.plan ?? ''));
  }
}

function ownerLost(): EnlargerError {
  return new EnlargerError(
    'lease-lost',
    'This Enlarger was silent for so long that another one has taken over its files. Start the batch again.',
  );
}
