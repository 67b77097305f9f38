import type { EngineReport } from '../../shared/engine-protocol.ts';
import type { EngineSupervisor } from '../engine/supervisor/engine-supervisor.ts';
import { within } from './within.ts';

/** Milliseconds that an engine may take to report: it answers at once, or is in trouble. */
const PATIENCE = 500;

/** Asks the engine how it is, without ever waiting for it. */
export class EngineReports {
  readonly #engine: Pick<EngineSupervisor, 'request' | 'state'>;
  #asked: Promise<EngineReport> | undefined;

  constructor(engine: Pick<EngineSupervisor, 'request' | 'state'>) {
    this.#engine = engine;
  }

  /** Undefined while no engine is ready, or it does not answer. */
  async read(patience = PATIENCE): Promise<EngineReport | undefined> {
    if (this.#engine.state.state !== 'ready') return undefined;
    // One that has not answered yet is not asked again: its questions would pile up.
    const asked = this.#asked ?? this.#engine.request('report', {});
    this.#asked = asked;
    const over = () => {
      if (this.#asked === asked) this.#asked = undefined;
    };
    asked.then(over, over);
    return within(asked, patience);
  }
}
