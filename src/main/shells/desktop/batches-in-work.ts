import type { EnlargerEvent, FileProgress } from '../../../shared/contract/events.ts';
import type { BatchRecord } from '../../../shared/jobs.ts';

/** What there is to show of the work, outside of the page. */
export interface WorkState {
  /** 0..1 of everything that runs or waits; undefined while nothing does. */
  share: number | undefined;
  /** Something keeps it from going on. */
  stuck: boolean;
}

/** Follows the events and knows how far this shell's batches are. */
export class BatchesInWork {
  readonly #shell: BatchRecord['shell'];
  readonly #active = new Map<number, BatchRecord>();
  readonly #inWork = new Map<number, FileProgress>();
  readonly #stuck = new Set<number>();

  constructor(shell: BatchRecord['shell']) {
    this.#shell = shell;
  }

  /** Takes an event in; returns the batches that have come to their end with it, cancelled ones left out. */
  take(event: EnlargerEvent): BatchRecord[] {
    for (const file of event.progress ?? []) this.#inWork.set(file.fileId, file);
    for (const { id, state } of event.files ?? []) if (isOver(state)) this.#inWork.delete(id);
    for (const { batchId, reason } of event.obstacles ?? []) {
      if (reason === null) this.#stuck.delete(batchId);
      else this.#stuck.add(batchId);
    }
    for (const id of event.cleared ?? []) this.#active.delete(id);
    return (event.batches ?? []).filter((batch) => this.#takeBatch(batch));
  }

  get state(): WorkState {
    const batches = [...this.#active.values()];
    if (batches.length === 0) return { share: undefined, stuck: false };
    const total = batches.reduce((sum, { pixelsTotal }) => sum + pixelsTotal, 0);
    const done = batches.reduce((sum, { pixelsDone }) => sum + pixelsDone, 0);
    const current = [...this.#inWork.values()].filter(({ batchId }) => this.#active.has(batchId));
    const begun = current.reduce((sum, { pixelsDone }) => sum + pixelsDone, 0);
    const share = total > 0 ? Math.min(1, (done + begun) / total) : 0;
    return { share, stuck: batches.some(({ id }) => this.#stuck.has(id)) };
  }

  /** True if the batch was at work and has ended. */
  #takeBatch(batch: BatchRecord): boolean {
    if (batch.shell !== this.#shell) return false;
    if (batch.state === 'running' || batch.state === 'queued') {
      this.#active.set(batch.id, batch);
      return false;
    }
    for (const [id, file] of this.#inWork) if (file.batchId === batch.id) this.#inWork.delete(id);
    const wasActive = this.#active.delete(batch.id);
    return wasActive && (batch.state === 'done' || batch.state === 'partial');
  }
}

function isOver(state: string): boolean {
  return !['decoding', 'enhancing', 'encoding'].includes(state);
}
