import type { ChildProcess } from 'node:child_process';
import { type FSWatcher, watch } from 'node:fs';
import { chooseMoment, type Moment, type Occasion, type Standing } from './moment.ts';
import { childrenOf } from './processes.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { Workplace } from './workplace.ts';

export interface Kill extends Moment {
  /** Main was the victim, or had no engine at that moment. */
  hit: 'main' | 'engine';
}

/** Watches runs of main and kills it, or its engine, at moments drawn by lot. */
export class FaultInjector implements Disposable {
  readonly kills: Kill[] = [];
  readonly #random: SeededRandom;
  readonly #wanted: number;
  readonly #watchers: FSWatcher[];
  readonly #filesLeft: () => number;
  #main: ChildProcess | undefined;
  #next: Moment | undefined;
  #seen = 0;
  #engineDeaths = 0;
  #timer: NodeJS.Timeout | undefined;

  /** Kills `wanted` times, while `filesLeft` says that there are files left to do. */
  constructor(
    random: SeededRandom,
    wanted: number,
    { out, home, scratch }: Workplace,
    filesLeft: () => number,
  ) {
    this.#random = random;
    this.#wanted = wanted;
    this.#filesLeft = filesLeft;
    this.#watchers = [
      watch(out, (_, name) => this.notice(name?.startsWith('.enlarger-') ? 'temporary' : 'result')),
      watch(home, () => this.notice('journal')),
      watch(scratch, () => this.notice('engine')),
    ];
  }

  /** Whether `main`, the latest that was watched, was killed. */
  get hasKilledMain(): boolean {
    return this.#main === undefined;
  }

  /** Begins with a main that has just been started. */
  beset(main: ChildProcess): void {
    this.#main = main;
    this.#engineDeaths = 0;
    this.#choose(false);
    this.notice('spawn');
  }

  notice(occasion: Occasion): void {
    if (occasion === 'done') this.#engineDeaths = 0;
    if (occasion !== this.#next?.occasion) return;
    this.#seen += 1;
    if (this.#seen !== this.#next.count) return;
    const moment = this.#next;
    this.#next = undefined;
    if (moment.delay === 0) this.#kill(moment);
    else this.#timer = setTimeout(() => this.#kill(moment), moment.delay);
  }

  /** Main has ended. */
  rest(): void {
    clearTimeout(this.#timer);
    this.#next = undefined;
  }

  [Symbol.dispose](): void {
    this.rest();
    for (const watcher of this.#watchers) watcher.close();
  }

  #choose(alive: boolean): void {
    const standing: Standing = {
      filesLeft: this.#filesLeft(),
      killsLeft: this.#wanted - this.kills.length,
      engineDeaths: this.#engineDeaths,
      alive,
    };
    this.#seen = 0;
    this.#next = standing.killsLeft > 0 ? chooseMoment(this.#random, standing) : undefined;
  }

  #kill(moment: Moment): void {
    const main = this.#main;
    if (!main?.pid || main.exitCode !== null) return;
    const [engine] = moment.victim === 'engine' ? childrenOf(main.pid) : [];
    if (engine && killed(engine)) {
      this.kills.push({ ...moment, hit: 'engine' });
      this.#engineDeaths += 1;
      this.#choose(true);
    } else if (main.kill('SIGKILL')) {
      this.kills.push({ ...moment, hit: 'main' });
      this.#main = undefined;
    }
  }
}

/** False where the process has just ended by itself. */
function killed(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}
