import { finished, type Readable } from 'node:stream';
import type { MessagePort } from 'node:worker_threads';
import type { Export } from '../../shared/contract/exports.ts';
import { cancelledError, EnlargerError } from '../../shared/errors.ts';
import type { OpenedZip } from '../worker/exports-part.ts';
import { endOf } from './export-counts.ts';
import { receiveZip } from './zip-line.ts';

/** A download that nobody has fetched for so long is given up, milliseconds. */
const PATIENCE = 10 * 60_000;

/** An export that a browser fetches, while it is made. */
export class DownloadExport {
  /** Of the whole ZIP, where they are known. */
  readonly bytes: number | undefined;
  /** Resolves at its end, whatever that is. */
  readonly ended: Promise<void>;
  readonly #port: MessagePort;
  readonly #tell: (state: Export) => void;
  readonly #end = Promise.withResolvers<void>();
  readonly #giveUp: NodeJS.Timeout;
  #state: Export;
  #body: Readable | undefined;

  constructor(id: number, opened: OpenedZip & { port: MessagePort }, tell: (state: Export) => void) {
    const { port, bytes, counts } = opened;
    this.bytes = bytes;
    this.ended = this.#end.promise;
    this.#port = port;
    this.#tell = tell;
    this.#state = { id, kind: 'download', state: 'running', target: null, ...counts };
    this.#giveUp = setTimeout(() => this.#over(cancelledError()), PATIENCE).unref();
    tell(this.#state);
  }

  get state(): Export {
    return this.#state;
  }

  /** Whether somebody fetches it, or has. */
  get begun(): boolean {
    return this.#body !== undefined;
  }

  /** The ZIP, to be sent; it can be had once. Destroying it cancels the export. */
  begin(): Readable {
    clearTimeout(this.#giveUp);
    const body = receiveZip(this.#port, this.bytes, (read) => this.#move(read));
    this.#body = body;
    finished(body, (error) => {
      // Who goes away in the middle wanted no more of it.
      if (error) this.#over(error instanceof EnlargerError ? error : cancelledError());
      else this.#over();
    });
    return body;
  }

  async cancel(): Promise<void> {
    if (this.#body) this.#body.destroy(cancelledError());
    else this.#over(cancelledError());
    await this.ended;
  }

  #over(error?: EnlargerError): void {
    clearTimeout(this.#giveUp);
    this.#port.close();
    this.#move(endOf(this.#state, error));
    this.#end.resolve();
  }

  #move(change: Partial<Export>): void {
    this.#state = { ...this.#state, ...change };
    this.#tell(this.#state);
  }
}
