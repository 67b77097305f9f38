import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { ChaosReport } from './chaos-report.ts';
import { DoneFiles } from './done-files.ts';
import { FaultInjector, type Kill } from './fault-injector.ts';
import { type JournalFile, readJournal } from './journal-copy.ts';
import { endOf, startMain } from './main-process.ts';
import { processesWith } from './processes.ts';
import { isTemporary, ResultHashes, undecodable } from './results.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { Workplace } from './workplace.ts';

/** An engine without a main ends within milliseconds; this is how long it takes to be called an orphan. */
const ORPHANED = 15_000;
/** How `resume` ends where nothing was interrupted: main was killed after its work, before its end. */
const NOTHING_LEFT = 3;

/** A run in which processes are killed, and what is found out about it. */
export class DisturbedRun {
  readonly #place: Workplace;
  readonly #source: string;
  /** How everything is asked for. */
  readonly #enhance: readonly string[];
  readonly #expected: ReadonlyMap<string, string>;
  readonly #hashes: ResultHashes;
  readonly #done = new DoneFiles();
  readonly #partial = new Set<string>();
  readonly #journal = new Set<string>();
  readonly #orphans: Promise<boolean>[] = [];
  readonly #failures: string[] = [];
  #starts = 0;
  /** Main has said that it knows of all files. */
  #accepted = false;

  /** `enhance`: how the pictures in `source` are asked for; `expected`: SHA-256 of the results by their names. */
  constructor(
    place: Workplace,
    source: string,
    enhance: readonly string[],
    expected: ReadonlyMap<string, string>,
  ) {
    this.#place = place;
    this.#source = source;
    this.#enhance = enhance;
    this.#expected = expected;
    this.#hashes = new ResultHashes(place.out);
  }

  /** Kills `kills` times, then lets it come to its end. Resolves to the kills. */
  async run(
    random: SeededRandom,
    kills: number,
    onKill?: (kills: readonly Kill[], done: number) => void,
  ): Promise<readonly Kill[]> {
    const left = () => this.#expected.size - this.#done.count;
    using injector = new FaultInjector(random, kills, this.#place, left);
    let args = this.#enhance;
    for (;;) {
      const before = injector.kills.length;
      await this.#start(args, injector);
      if (injector.kills.length > before) onKill?.(injector.kills, this.#done.count);
      if (injector.hasKilledMain) args = ['resume'];
      else if (this.#accepted || this.#failures.length > 0) break;
      // Main was killed before it had said that everything is in its journal.
      else args = this.#enhance;
    }
    // Of what is done, nothing may be done again.
    await this.#start(this.#enhance);
    return injector.kills;
  }

  async report(kills: readonly Kill[]): Promise<ChaosReport> {
    const { files } = await readJournal(this.#place.home);
    const results = await this.#hashes.read();
    const done = new Set(files.filter((file) => this.#stands(file, results)).map(({ source }) => source));
    const sources = (await readdir(this.#source)).map((name) => join(this.#source, name));
    const late = (await Promise.all(this.#orphans)).filter(Boolean);
    const broken = await undecodable(this.#place.out, results.keys());
    return {
      kills,
      starts: this.#starts,
      equal: done.size,
      lost: sources.filter((source) => !done.has(source)),
      repeated: this.#done.repeated,
      partial: [...new Set([...this.#partial, ...broken])],
      leftovers: await this.#leftovers(),
      orphans: Math.max(late.length, this.#endOrphans()),
      journal: [...this.#journal],
      failures: this.#failures,
    };
  }

  async #start(args: readonly string[], injector?: FaultInjector): Promise<void> {
    this.#starts += 1;
    const main = startMain(args, this.#place);
    injector?.beset(main);
    const { exit, gone } = await endOf(main, ({ event, source, state }) => {
      if (event === 'start') this.#accepted = true;
      if (source === undefined) return;
      this.#done.line(source, state);
      if (state === 'started' || state === 'done') injector?.notice(state);
    });
    injector?.rest();
    const isFine = exit === 0 || (exit === NOTHING_LEFT && args[0] === 'resume');
    if (!isFine && !injector?.hasKilledMain) this.#failures.push(`${exit}: ${await gone}`);
    // The next main need not wait for the engine of this one: neither would a user.
    this.#orphans.push(isLate(gone));
    await this.#look();
  }

  /** Main is dead: what it left has to be whole already. */
  async #look(): Promise<void> {
    const { integrity, files } = await readJournal(this.#place.home);
    if (integrity !== 'ok') this.#journal.add(integrity);
    for (const name of await readdir(this.#place.home)) {
      if (name.startsWith('journal.broken')) this.#journal.add(`${name} was set aside`);
    }
    this.#done.journal(files);
    for (const [name, sha256] of await this.#hashes.read()) {
      if (this.#expected.get(name) !== sha256) this.#partial.add(name);
    }
  }

  #stands({ state, target, sha256 }: JournalFile, results: ReadonlyMap<string, string>): boolean {
    const name = target?.slice(this.#place.out.length + 1) ?? '';
    const expected = this.#expected.get(name);
    return (
      state === 'done' && expected !== undefined && sha256 === expected && results.get(name) === expected
    );
  }

  /** Ends what should have ended; returns how many that were. */
  #endOrphans(): number {
    const orphans = processesWith('ENLARGER_HOME', this.#place.home);
    for (const pid of orphans) process.kill(pid, 'SIGKILL');
    return orphans.length;
  }

  async #leftovers(): Promise<string[]> {
    const temporaries = (await readdir(this.#place.out)).filter(isTemporary);
    return [...temporaries, ...(await readdir(this.#place.scratch))];
  }
}

/** Whether `gone` takes so long that nothing will come of it any more. */
async function isLate(gone: Promise<unknown>): Promise<boolean> {
  const stop = new AbortController();
  const late = setTimeout(ORPHANED, true, { signal: stop.signal }).catch(() => false);
  const result = await Promise.race([gone.then(() => false), late]);
  stop.abort();
  return result;
}
