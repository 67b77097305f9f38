import type { Batch } from '../../main/batch/prepare-batch.ts';
import type { FileEvent } from '../../main/batch/run-batch.ts';
import type { Progress, Reporter, Summary } from './reporter.ts';

/** One JSON object a line: `start`, then `file` and `progress` as they come, at last `summary`. */
export class JsonLines implements Reporter {
  readonly #write: (line: string) => void;

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  started({ recipe, files, skipped, refused }: Batch): void {
    this.#line('start', { out: recipe.out, plan: recipe.plan, files: files.length });
    for (const { source, target } of skipped) this.#line('file', { state: 'skipped', source, target });
    for (const error of refused) {
      this.#line('file', { state: 'failed', source: error.file, error: error.toJSON() });
    }
  }

  file(event: FileEvent): void {
    const about = { state: event.state, source: event.file.source.path, target: event.file.target };
    if (event.state === 'done') this.#line('file', { ...about, target: event.target, result: event.result });
    else if (event.state === 'failed') this.#line('file', { ...about, error: event.error.toJSON() });
    else this.#line('file', about);
  }

  progress({ millisecondsLeft, ...progress }: Progress): void {
    this.#line('progress', { ...progress, millisecondsLeft: millisecondsLeft ?? null });
  }

  finished(summary: Summary): void {
    this.#line('summary', { ...summary });
  }

  #line(event: string, fields: Record<string, unknown>): void {
    this.#write(`${JSON.stringify({ event, ...fields })}\n`);
  }
}
