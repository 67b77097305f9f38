import type { FileEvent } from '../../main/batch/file-event.ts';
import { printableJson } from './printable.ts';
import type { Beginning, Progress, Reporter, Summary } from './reporter.ts';

/** One JSON object a line: `start`, then `file` and `progress` as they come, at last `summary`. */
export class JsonLines implements Reporter {
  readonly #write: (line: string) => void;

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  started({ batchId, out, plan, files, skipped, notes = [], refused }: Beginning): void {
    this.#line('start', { batch: batchId, out, plan, files });
    for (const [note, count] of notes) this.#line('note', { note, files: count });
    for (const file of skipped) this.#line('file', { state: 'skipped', ...file });
    for (const error of refused) {
      this.#line('file', { state: 'failed', source: error.file, error: error.toJSON() });
    }
  }

  warn(message: string): void {
    this.#line('warning', { message });
  }

  file(event: FileEvent): void {
    const { state, file } = event;
    const about = { state, source: file.source, target: file.target };
    if (state === 'done') this.#line('file', { ...about, target: event.target, result: event.result });
    else if (state === 'failed') this.#line('file', { ...about, error: event.error.toJSON() });
    else if (state === 'skipped' || state === 'retried')
      this.#line('file', { ...about, reason: event.reason });
    else this.#line('file', about);
  }

  obstacle(reason: string | undefined): void {
    this.#line('waiting', { reason: reason ?? null });
  }

  interrupted(batchId: number): void {
    this.#line('interrupted', { batch: batchId });
  }

  progress({ millisecondsLeft, ...progress }: Progress): void {
    this.#line('progress', { ...progress, millisecondsLeft: millisecondsLeft ?? null });
  }

  finished(summary: Summary): void {
    this.#line('summary', { ...summary });
  }

  #line(event: string, fields: Record<string, unknown>): void {
    this.#write(`${printableJson({ event, ...fields })}\n`);
  }
}
