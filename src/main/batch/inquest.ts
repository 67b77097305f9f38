import type { EngineDeath } from '../engine/supervisor/engine-death.ts';
import type { Suspects, Verdict } from '../engine/supervisor/suspicion.ts';

/**
 * Gathers the files that were in work when an engine died, whose calls fail one after the other in one turn of the event
 * loop, so that all of them are judged together.
 */
export class Inquest {
  readonly #suspects: Suspects<number>;
  readonly #open = new Map<number, { files: number[]; verdicts: Promise<Verdict<number>[]> }>();

  constructor(suspects: Suspects<number>) {
    this.#suspects = suspects;
  }

  /** What becomes of the file `fileId`, whose work ended with `death`. */
  async verdict(fileId: number, death: EngineDeath): Promise<Verdict<number>> {
    const files = this.#open.get(death.generation)?.files ?? this.#begin(death);
    files.push(fileId);
    const verdicts = await this.#open.get(death.generation)?.verdicts;
    const own = verdicts?.find(({ file }) => file === fileId);
    return own ?? { file: fileId, strikes: 0, next: 'retry' };
  }

  #begin(death: EngineDeath): number[] {
    const files: number[] = [];
    const verdicts = new Promise<Verdict<number>[]>((resolve) => {
      setImmediate(() => {
        this.#open.delete(death.generation);
        resolve(this.#suspects.died(death, files));
      });
    });
    this.#open.set(death.generation, { files, verdicts });
    return files;
  }
}
