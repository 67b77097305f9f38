import { type EngineDeath, isOwnDeath } from './engine-death.ts';

/** Deaths in which a file was alone in work, after which it is given up. */
const STRIKES = 3;

/** What becomes of a file that was in work when an engine died. */
export interface Verdict<File> {
  file: File;
  /** To be stored with the file. */
  strikes: number;
  /** `quarantine`: it is not to be tried again; else it goes back to where files wait. */
  next: 'retry' | 'retry-alone' | 'quarantine';
}

/**
 * Finds the file that engines die of. Of several in work when an engine died by its own fault each is
 * suspected, and from then on works alone; one that was alone gets a strike, and after three it is given up.
 * An engine that was killed by somebody speaks against nobody.
 *
 * `File` is what files are known by. Strikes outlive this program where whoever runs files stores them.
 */
export class Suspects<File> {
  /** Suspected files, and their strikes so far: none for one that was never alone. */
  readonly #strikes: Map<File, number>;

  /** `stored`: the strikes that files have from earlier. Whoever has one is suspected. */
  constructor(stored: Iterable<readonly [file: File, strikes: number]> = []) {
    this.#strikes = new Map([...stored].filter(([, strikes]) => strikes > 0));
  }

  /** Takes in the strikes that `file` has from earlier. */
  remember(file: File, strikes: number): void {
    if (strikes > (this.#strikes.get(file) ?? 0)) this.#strikes.set(file, strikes);
  }

  /** Whether `file` may begin while those of `inWork` are: a suspect shares an engine with nobody. */
  mayStart(file: File, inWork: Iterable<File>): boolean {
    const others = [...inWork];
    return others.length === 0 || ![file, ...others].some((each) => this.#strikes.has(each));
  }

  /** Decides about the files that were in work when an engine died. */
  died(death: EngineDeath, inWork: readonly File[]): Verdict<File>[] {
    if (isOwnDeath(death)) {
      const strike = inWork.length === 1 ? 1 : 0;
      for (const file of inWork) this.#strikes.set(file, (this.#strikes.get(file) ?? 0) + strike);
    }
    return inWork.map((file) => this.#verdict(file));
  }

  /** `file` has ended in some other way than with its engine: nothing is held against it any more. */
  finished(file: File): void {
    this.#strikes.delete(file);
  }

  #verdict(file: File): Verdict<File> {
    const strikes = this.#strikes.get(file);
    if (strikes === undefined) return { file, strikes: 0, next: 'retry' };
    if (strikes < STRIKES) return { file, strikes, next: 'retry-alone' };
    this.#strikes.delete(file);
    return { file, strikes, next: 'quarantine' };
  }
}
