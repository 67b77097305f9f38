import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { Export } from '../../shared/contract/exports.ts';
import { asEnlargerError } from '../../shared/errors.ts';
import type { ExportOutcome, ExportTask } from '../worker/exports-part.ts';
import type { MainWorker } from '../worker/start-main-worker.ts';
import { type Counts, endOf } from './export-counts.ts';

type Tell = (state: Export) => void;

/** An export to a folder, or to a ZIP in one, as the worker thread does it. */
export class CopyExport {
  /** Resolves at its end, whatever that is. */
  readonly ended: Promise<void>;
  readonly #port: MessagePort;
  readonly #tell: Tell;
  #state: Export;

  private constructor(state: Export, port: MessagePort, outcome: Promise<ExportOutcome>, tell: Tell) {
    this.#state = state;
    this.#port = port;
    this.#tell = tell;
    tell(state);
    port.on('message', (counts: Counts) => this.#move(counts));
    this.ended = outcome.then(
      (end) => this.#end(end),
      (error: unknown) => this.#end({ error: asEnlargerError(error, 'internal').toJSON() }),
    );
  }

  /** Resolves once it is known how much there is to do. Rejects where nothing of it can be done. */
  static async start(
    worker: MainWorker,
    task: Omit<ExportTask, 'port'>,
    identity: Pick<Export, 'id' | 'kind' | 'target'>,
    tell: Tell,
  ): Promise<CopyExport> {
    const { port1: port, port2 } = new MessageChannel();
    try {
      const begun = new Promise<Counts>((resolve) => port.once('message', resolve));
      const outcome = worker.ask('exportResults', { ...task, port: port2 }, [port2]);
      // A small one may be over before it has told anything.
      const counts = await Promise.race([begun, outcome.then((end) => end.counts)]);
      return new CopyExport({ ...identity, state: 'running', ...counts }, port, outcome, tell);
    } catch (error) {
      port.close();
      throw error;
    }
  }

  get state(): Export {
    return this.#state;
  }

  /** Resolves when nothing half-written is left. */
  async cancel(): Promise<void> {
    this.#port.close();
    await this.ended;
  }

  #end({ counts, zip, error }: Partial<ExportOutcome>): void {
    this.#port.close();
    const target = zip ?? this.#state.target;
    this.#move({ ...counts, target, ...endOf(counts ?? this.#state, error) });
  }

  #move(change: Partial<Export>): void {
    this.#state = { ...this.#state, ...change };
    this.#tell(this.#state);
  }
}
