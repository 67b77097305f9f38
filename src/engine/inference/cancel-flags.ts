import { EnlargerError } from '../../shared/errors.ts';

/** More jobs than an engine ever holds at once. */
const SLOTS = 1024;

/** One job's flag in memory that every worker sees; set, it keeps tiles that have not begun from beginning. */
export interface CancelFlag {
  readonly buffer: SharedArrayBuffer;
  readonly index: number;
  set(): void;
  /** Gives the slot back; call it once no tile of the job is left. */
  release(): void;
}

export class CancelFlags {
  readonly #flags = new Int32Array(new SharedArrayBuffer(SLOTS * Int32Array.BYTES_PER_ELEMENT));
  readonly #free = Array.from({ length: SLOTS }, (_, index) => SLOTS - 1 - index);

  take(): CancelFlag {
    const index = this.#free.pop();
    if (index === undefined) throw new EnlargerError('internal', `More than ${SLOTS} jobs at once.`);
    Atomics.store(this.#flags, index, 0);
    let held = true;
    return {
      buffer: this.#flags.buffer,
      index,
      set: () => {
        if (held) Atomics.store(this.#flags, index, 1);
      },
      release: () => {
        if (held) this.#free.push(index);
        held = false;
      },
    };
  }
}
