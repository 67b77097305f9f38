import type { SeededRandom } from './seeded-random.ts';

/**
 * What can be seen from outside of a run, in its order: main was started; an engine's scratch folder came or went; the
 * journal was written; a file was taken up; a temporary file came, grew or went; a result got its name; main said so.
 */
export type Occasion = 'spawn' | 'engine' | 'journal' | 'started' | 'temporary' | 'result' | 'done';

/** When a process is to be killed, and which. */
export interface Moment {
  victim: 'main' | 'engine';
  occasion: Occasion;
  /** At which such occasion, from 1, counted from when this moment was chosen. */
  count: number;
  /** Milliseconds from then on. */
  delay: number;
}

export interface Standing {
  /** Files that are not known to be done. */
  filesLeft: number;
  /** At least 1. */
  killsLeft: number;
  /** Engines of this main that were killed since a file was done. */
  engineDeaths: number;
  /** Whether main runs already. */
  alive: boolean;
}

/** After so many deaths without a result an engine is given up for good, which is not to be tried here. */
const MOST_ENGINE_DEATHS = 4;
/** Files that main has in work at once: no more than these may be left before their number means nothing. */
const IN_FLIGHT = 6;
/** Milliseconds, long enough for all of a start, of main and of an engine. */
const LONGEST_START = { spawn: 1_500, engine: 700 };
/** Milliseconds in which no start comes to its end. */
const SHORT_START = 300;
/** Milliseconds. */
const LONGEST_DELAY = 40;

/** How many of these occasions a file makes, about. */
const PER_FILE = { started: 1, done: 1, result: 1, temporary: 6, journal: 4 } as const;

/** Chooses so that the files last for as long as there are kills. */
export function chooseMoment(random: SeededRandom, standing: Standing): Moment {
  const { filesLeft, killsLeft, engineDeaths, alive } = standing;
  const victim = engineDeaths >= MOST_ENGINE_DEATHS || random.share() < 0.4 ? 'main' : 'engine';
  const pace = Math.floor(filesLeft / killsLeft);
  const hurried = pace < 1 || filesLeft <= 2 * IN_FLIGHT;
  const occasion = random.oneOf(occasions(hurried, alive));
  if (occasion === 'spawn' || occasion === 'engine') {
    const longest = hurried ? SHORT_START : LONGEST_START[occasion];
    return { victim, occasion, count: 1, delay: random.whole(0, longest) };
  }
  const most = hurried ? 1 : pace * PER_FILE[occasion];
  const delay = random.share() < 0.4 ? 0 : random.whole(1, LONGEST_DELAY);
  return { victim, occasion, count: random.whole(1, most), delay };
}

function occasions(hurried: boolean, alive: boolean): Occasion[] {
  const early: Occasion[] = alive
    ? ['engine', 'started', 'journal']
    : ['spawn', 'engine', 'started', 'journal'];
  // The moments around a commit are those that a journal can get wrong: they come twice as often.
  return hurried ? early : [...early, 'temporary', 'temporary', 'result', 'result', 'done', 'done'];
}
