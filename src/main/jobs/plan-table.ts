import type { DatabaseSync } from 'node:sqlite';
import { type Plan, planSchema } from '../../shared/plan.ts';
import { planJson, planKeyOf } from './plan-key.ts';

/** Plans, each stored once however many files have it. */
export class PlanTable {
  readonly #insert;
  readonly #select;
  readonly #removeUnused;

  constructor(db: DatabaseSync) {
    this.#insert = db.prepare('INSERT OR IGNORE INTO plans (key, plan) VALUES (?, ?)');
    this.#select = db.prepare('SELECT plan FROM plans WHERE key = ?');
    this.#removeUnused = db.prepare(
      'DELETE FROM plans WHERE key NOT IN (SELECT DISTINCT plan FROM files WHERE plan IS NOT NULL)',
    );
  }

  add(plan: Plan): string {
    const key = planKeyOf(plan);
    this.#insert.run(key, planJson(plan));
    return key;
  }

  /** As this version understands it, also one that an earlier version wrote. */
  get(key: string): Plan {
    return planSchema.parse(JSON.parse(String(this.#select.get(key)?.plan)));
  }

  removeUnused(): void {
    this.#removeUnused.run();
  }
}
