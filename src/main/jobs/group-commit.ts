import type { Journal } from './journal.ts';

/** Milliseconds that a change which nobody waits for may wait for others. */
const LATEST = 100;

interface Change {
  /** Makes the change within the open transaction; the function it returns answers who asked. */
  apply(): () => void;
  refuse(error: unknown): void;
}

/**
 * Changes that arrive in one turn of the thread share one transaction, and with it one flush of the disk. Each is
 * answered after the commit; one that fails is undone alone.
 */
export class GroupCommit {
  readonly #journal: Journal;
  #pending: Change[] = [];
  #soon: NodeJS.Immediate | undefined;
  #late: NodeJS.Timeout | undefined;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /** Resolves to what `work` returns once it is durable. */
  write<T>(work: () => T): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    this.#pending.push({
      apply: () => {
        try {
          const result = this.#journal.part(work);
          return () => resolve(result);
        } catch (error) {
          if (!this.#journal.inTransaction) throw error;
          return () => reject(error);
        }
      },
      refuse: reject,
    });
    this.#soon ??= setImmediate(() => this.flush());
    return promise;
  }

  /** Does `work`, one statement that may come to nothing, with the next change or a little later. */
  note(work: () => void): void {
    this.#pending.push({
      apply: () => {
        work();
        return () => {};
      },
      refuse: () => {},
    });
    this.#late ??= setTimeout(() => this.flush(), LATEST);
  }

  /** Commits what is pending now. Who reads afterwards finds it. */
  flush(): void {
    clearImmediate(this.#soon);
    clearTimeout(this.#late);
    this.#soon = undefined;
    this.#late = undefined;
    const changes = this.#pending;
    if (changes.length === 0) return;
    this.#pending = [];
    try {
      const answers = this.#journal.transaction(() => changes.map((change) => change.apply()));
      for (const answer of answers) answer();
    } catch (error) {
      for (const change of changes) change.refuse(error);
    }
  }
}
