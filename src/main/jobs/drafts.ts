import { EnlargerError } from '../../shared/errors.ts';
import type { NewBatch, NewFile } from './job-store.ts';

/** Batches that are being handed over piece by piece, in memory only: a batch of which a part is missing is never seen. */
export class Drafts {
  readonly #drafts = new Map<number, NewBatch>();
  #last = 0;

  /** Returns the number by which the draft is known. */
  begin(batch: Omit<NewBatch, 'files'>): number {
    this.#last += 1;
    this.#drafts.set(this.#last, { ...batch, files: [] });
    return this.#last;
  }

  append(draft: number, files: readonly NewFile[]): void {
    const { files: all } = this.#expect(draft);
    for (const file of files) all.push(file);
  }

  /** The whole batch, which is forgotten here. */
  take(draft: number): NewBatch {
    const batch = this.#expect(draft);
    this.#drafts.delete(draft);
    return batch;
  }

  #expect(draft: number): NewBatch {
    const batch = this.#drafts.get(draft);
    if (batch) return batch;
    throw new EnlargerError(
      'not-found',
      `Batch draft ${draft} is not there any more. Add the pictures again.`,
    );
  }
}
