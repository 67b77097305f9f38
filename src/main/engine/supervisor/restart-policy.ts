import type { SupervisionLimits } from './supervision-limits.ts';

type RestartLimits = Pick<SupervisionLimits, 'backOff' | 'backOffMost' | 'failedStarts' | 'deaths'>;

/** Decides when the next engine is started, and when no more are. */
export class RestartPolicy {
  readonly #limits: RestartLimits;
  #failedStarts = 0;
  #deaths = 0;

  constructor(limits: RestartLimits) {
    this.#limits = limits;
  }

  /** An engine has greeted. */
  started(): void {
    this.#failedStarts = 0;
  }

  /** A file is dealt with: the engines get somewhere. */
  finished(): void {
    this.#deaths = 0;
  }

  /**
   * An engine has died, having greeted or not. Returns the milliseconds after which the next is to be started:
   * none for the first, then twice as many each time; `undefined` if no more should be.
   */
  died(hadGreeted: boolean): number | undefined {
    this.#deaths += 1;
    if (!hadGreeted) this.#failedStarts += 1;
    const { backOff, backOffMost, failedStarts, deaths } = this.#limits;
    if (this.#failedStarts >= failedStarts || this.#deaths >= deaths) return undefined;
    return this.#deaths === 1 ? 0 : Math.min(backOffMost, backOff * 2 ** (this.#deaths - 2));
  }

  /** Forgets every failure. */
  reset(): void {
    this.#failedStarts = 0;
    this.#deaths = 0;
  }
}
