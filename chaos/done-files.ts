import type { JournalFile } from './journal-copy.ts';

/** Remembers which files were said to be done, by main or by the journal, and what was done again in spite of it. */
export class DoneFiles {
  readonly #sources = new Set<string>();
  readonly #rows = new Map<number, string>();
  readonly #repeated = new Set<string>();

  get count(): number {
    return this.#sources.size;
  }

  /** Files that were taken up after they were done. */
  get repeated(): string[] {
    return [...this.#repeated];
  }

  /** Takes in that main said that the file at `source` is in this state. */
  line(source: string, state: string | undefined): void {
    if (state === 'done') this.#sources.add(source);
    else if (state === 'started' && this.#sources.has(source)) this.#repeated.add(source);
  }

  /** Takes in the files of the journal: one that was done is to stay as it was. */
  journal(files: readonly JournalFile[]): void {
    for (const { id, source, state, ...rest } of files) {
      const row = JSON.stringify({ state, ...rest });
      const before = this.#rows.get(id);
      if (before !== undefined && before !== row) this.#repeated.add(source);
      if (state !== 'done') continue;
      this.#rows.set(id, row);
      this.#sources.add(source);
    }
  }
}
