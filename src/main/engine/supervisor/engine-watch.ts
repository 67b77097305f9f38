import type { SupervisionLimits } from './supervision-limits.ts';

/** So many intervals between two ticks mean that this process slept too, with the machine or on its own. */
const SLEPT = 4;

/** Work of the engine's that must move on. Times are milliseconds of one clock. */
interface Watched {
  /** What hangs, in words; `undefined` while nothing does. */
  overdue(now: number): string | undefined;
  /** Counts from `now`: nobody could see what happened before. */
  startAnew(now: number): void;
}

interface Question {
  what: string;
  limit: number;
  askedAt: number;
}

/**
 * Looks at one engine again and again, and calls `onHung` once, with what hangs in words. There is one question
 * at a time that the engine owes an answer: the greeting, then ping after ping.
 *
 * `now` must not jump when somebody sets the clock. It may stand still or go on while the machine sleeps.
 */
export class EngineWatch {
  readonly #limits: SupervisionLimits;
  readonly #work: readonly Watched[];
  readonly #onHung: (what: string) => void;
  readonly #now: () => number;
  #question: Question | undefined;
  #ping: (() => Promise<unknown>) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #tickedAt = 0;

  constructor(
    limits: SupervisionLimits,
    work: readonly Watched[],
    onHung: (what: string) => void,
    now = () => performance.now(),
  ) {
    this.#limits = limits;
    this.#work = work;
    this.#onHung = onHung;
    this.#now = now;
  }

  /** Begins with the greeting, which the engine owes from now on. */
  start(): void {
    this.#tickedAt = this.#now();
    this.#question = { what: 'its greeting', limit: this.#limits.handshake, askedAt: this.#tickedAt };
    this.#timer = setInterval(() => this.#tick(), this.#limits.interval);
    this.#timer.unref();
  }

  /** The engine has greeted; `ping` asks it for a sign of life. An error is one too. */
  greeted(ping: () => Promise<unknown>): void {
    this.#question = undefined;
    this.#ping = ping;
  }

  /** The engine was told to stop, which is the last that it has to do. */
  stopping(): void {
    this.#ping = undefined;
    this.#question = { what: 'its end', limit: this.#limits.stop, askedAt: this.#now() };
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#ping = undefined;
  }

  #tick(): void {
    const now = this.#now();
    const slept = now - this.#tickedAt > SLEPT * this.#limits.interval;
    this.#tickedAt = now;
    if (slept) {
      if (this.#question) this.#question.askedAt = now;
      for (const watched of this.#work) watched.startAnew(now);
    }
    const hung = [this.#overdue(now), ...this.#work.map((watched) => watched.overdue(now))].find(
      (what) => what !== undefined,
    );
    if (hung !== undefined) {
      this.stop();
      this.#onHung(hung);
      return;
    }
    if (this.#ping && !this.#question) this.#ask(this.#ping, now);
  }

  #overdue(now: number): string | undefined {
    if (!this.#question) return undefined;
    const { what, limit, askedAt } = this.#question;
    return now - askedAt > limit ? `${what} did not come within ${limit / 1000} s` : undefined;
  }

  #ask(ping: () => Promise<unknown>, askedAt: number): void {
    const question = { what: 'its heartbeat', limit: this.#limits.heartbeat, askedAt };
    this.#question = question;
    const answered = () => {
      if (this.#question === question) this.#question = undefined;
    };
    ping().then(answered, answered);
  }
}
