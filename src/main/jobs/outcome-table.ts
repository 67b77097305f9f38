import { type BigIntStats, statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { EnlargerError } from '../../shared/errors.ts';
import type { FileResult, WorkState } from '../../shared/jobs.ts';
import { noFile } from './file-table.ts';
import type { FileOutcome, Intent, Owner, ResultKey } from './job-store.ts';
import { fileResult, type ResultRow } from './rows.ts';

interface Held {
  batch: number;
  owner: number | null;
  source: string;
}

/** What becomes of files in work. Changes answer with the batch they changed; callers hold a transaction. */
export class OutcomeTable {
  readonly #held;
  readonly #move;
  readonly #intend;
  readonly #forgetIntent;
  readonly #end;
  readonly #result;
  readonly #requeue;
  readonly #strike;
  readonly #before;

  constructor(db: DatabaseSync) {
    this.#held = db.prepare('SELECT batch, owner, source FROM files WHERE id = ?');
    this.#move = db.prepare(
      'UPDATE files SET state = ?1 WHERE id = ?2 AND owner = ?3 AND state <> ?1 RETURNING batch',
    );
    this.#intend = db.prepare('INSERT OR REPLACE INTO intents (file, intent, written) VALUES (?, ?, ?)');
    this.#forgetIntent = db.prepare('DELETE FROM intents WHERE file = ?');
    this.#end = db.prepare(
      'UPDATE files SET state = :state, owner = NULL, temporary = NULL, ended = :ended, code = :code, ' +
        'reason = :reason WHERE id = :id',
    );
    this.#result = db.prepare(
      'INSERT OR REPLACE INTO results ' +
        '(file, target, sha256, bytes, target_mtime_ns, timings, fidelity, notes, source_sha256) VALUES ' +
        '(:file, :target, :sha256, :bytes, :mtime, :timings, :fidelity, :notes, :sourceSha256)',
    );
    // Nobody would ever take a file of a cancelled batch.
    this.#requeue = db.prepare(
      "UPDATE files SET state = iif((SELECT state FROM batches WHERE id = files.batch) = 'cancelled', " +
        "'cancelled', 'queued'), owner = NULL, temporary = NULL WHERE id = ?",
    );
    this.#strike = db.prepare(
      'UPDATE files SET strikes = strikes + 1, reason = ? WHERE id = ? RETURNING strikes, batch',
    );
    this.#before = db.prepare(
      'SELECT r.* FROM results r JOIN files f ON f.id = r.file ' +
        'WHERE r.source_sha256 = :sourceSha256 AND r.target = :target AND f.plan = :planKey ' +
        "AND f.format = :format AND f.quality IS :quality AND f.remove_gps = :removeGps AND f.state = 'done' ORDER BY r.file DESC",
    );
  }

  /** Undefined where there was nothing to change: the file is not in work for `owner`. */
  move(owner: Owner, file: number, state: WorkState): number | undefined {
    const row = this.#move.get(state, file, owner.id) as { batch: number } | undefined;
    return row?.batch;
  }

  intend(owner: Owner, file: number, intent: Intent): number {
    const { batch } = this.#expectHeld(owner, file);
    this.#intend.run(file, JSON.stringify(intent), Date.now());
    return batch;
  }

  finish(owner: Owner, file: number, outcome: FileOutcome): number {
    const { batch } = this.#expectHeld(owner, file);
    if (outcome.state === 'done') this.#keep(file, outcome);
    this.#end.run({
      id: file,
      state: outcome.state,
      ended: Date.now(),
      code: outcome.state === 'failed' ? outcome.code : null,
      reason: 'reason' in outcome ? outcome.reason : null,
    });
    this.#forgetIntent.run(file);
    return batch;
  }

  requeue(owner: Owner, file: number): number {
    const { batch } = this.#expectHeld(owner, file);
    this.#requeue.run(file);
    this.#forgetIntent.run(file);
    return batch;
  }

  strike(file: number, reason: string): { strikes: number; batch: number } {
    const row = this.#strike.get(reason, file) as { strikes: number; batch: number } | undefined;
    if (!row) throw noFile(file);
    return row;
  }

  doneBefore({ quality, removeGps, ...key }: ResultKey): FileResult | undefined {
    const rows = this.#before.all({
      ...key,
      quality: quality ?? null,
      removeGps: removeGps ? 1 : 0,
    }) as unknown as ResultRow[];
    const standing = rows.find(({ target, bytes, target_mtime_ns }) => {
      const found = lookAt(target);
      return found?.size === BigInt(bytes) && String(found.mtimeNs) === target_mtime_ns;
    });
    return standing && fileResult(standing);
  }

  #keep(file: number, result: FileResult): void {
    const { target, sha256, bytes, timings, fidelity, notes, sourceSha256 } = result;
    this.#result.run({
      ...{ file, target, sha256, bytes, sourceSha256, notes: JSON.stringify(notes) },
      ...{ timings: JSON.stringify(timings), fidelity: JSON.stringify(fidelity) },
      mtime: lookAt(target)?.mtimeNs.toString() ?? null,
    });
  }

  #expectHeld(owner: Owner, file: number): Held {
    const row = this.#held.get(file) as unknown as Held | undefined;
    if (!row) throw noFile(file);
    if (row.owner === owner.id) return row;
    throw new EnlargerError(
      'lease-lost',
      `${row.source}: is not in work here any more; another Enlarger may have taken it over.`,
      { file: row.source },
    );
  }
}

function lookAt(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true });
  } catch {
    return undefined;
  }
}
