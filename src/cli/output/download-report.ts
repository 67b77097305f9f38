import type { Download } from '../../shared/contract/catalogue.ts';
import { printable, printableJson } from './printable.ts';
import { fileSize } from './words.ts';

/** Milliseconds between two lines of progress. */
const INTERVAL = { words: 100, json: 500 };

const ERASE_LINE = '\r\u001b[2K';

export interface DownloadReportOptions {
  write: (text: string) => void;
  json: boolean;
  /** Undefined where the output is no terminal. */
  columns: number | undefined;
}

/** Says how far a download is: for programs as lines of JSON, for people on one line, while they look on. */
export class DownloadReport {
  readonly #options: DownloadReportOptions;
  #toldAt = Number.NEGATIVE_INFINITY;
  #told: Download['state'] | undefined;

  constructor(options: DownloadReportOptions) {
    this.#options = options;
  }

  progress(download: Download): void {
    const { json } = this.#options;
    const now = performance.now();
    const soon = now - this.#toldAt < (json ? INTERVAL.json : INTERVAL.words);
    if (soon && download.state === this.#told) return;
    this.#toldAt = now;
    this.#told = download.state;
    if (json) this.#event('progress', { ...download });
    else this.#line(download);
  }

  /** The model can be used; `already`: it could before. */
  here(id: string, already: boolean): void {
    const words = already ? 'is here already' : 'is here now';
    if (this.#options.json) this.#event('here', { id, already });
    else this.#say(`✓ ${id} ${words}: enlarger enhance --model ${id}`);
  }

  /** It was stopped by its user. */
  stopped({ id, bytesDone }: Download): void {
    if (this.#options.json) this.#event('stopped', { id, bytesDone });
    else {
      this.#say(
        `– ${id}: stopped. ${fileSize(bytesDone)} are kept; the same command goes on where it stopped.`,
      );
    }
  }

  /** Why it failed is said by whoever reports errors. */
  failed(): void {
    if (this.#options.columns !== undefined && !this.#options.json) this.#options.write(ERASE_LINE);
  }

  #line({ id, state, bytesDone, bytesTotal }: Download): void {
    const { columns, write } = this.#options;
    if (columns === undefined) return;
    const share = Math.floor((100 * bytesDone) / bytesTotal);
    const far = `${fileSize(bytesDone)} of ${fileSize(bytesTotal)} (${share} %)`;
    const line = `${id}: ${state === 'checking' ? 'checking' : far}`;
    write(`${ERASE_LINE}${printable(line).slice(0, columns - 1)}`);
  }

  #say(line: string): void {
    this.failed();
    this.#options.write(`${printable(line)}\n`);
  }

  #event(event: string, fields: Record<string, unknown>): void {
    this.#options.write(`${printableJson({ event, ...fields })}\n`);
  }
}
