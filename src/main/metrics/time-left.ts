/**
 * How long a batch still takes, from what it did lately. Pure: nothing here looks at a clock.
 *
 * Every source pixel costs the same under one plan, so the time is that of the pixels that remain, at the measured
 * speed. Small pictures cost more than their pixels, because each has to be opened, encoded and placed: a file that
 * remains is taken to need what files needed lately, up to `MOST_A_FILE`, and whichever of the two is longer counts.
 * Beyond that bound it is their pixels that files take their time for, and a batch whose large pictures come first
 * would be told a time that is many times too long.
 */

/** What is left of a batch, the undone part of what is in work included. */
export interface Remaining {
  /** Of sources. */
  pixels: number;
  files: number;
}

/** What was done in so many seconds. */
export interface Step {
  seconds: number;
  tiles: number;
  pixels: number;
  files: number;
}

/** What is known of a batch's speed. */
export interface Pace {
  /** All that was measured. */
  measured: { seconds: number; tiles: number };
  /** Fading sums: their ratios are the speeds. */
  recent: { seconds: number; pixels: number; files: number };
  /** Seconds since the last pixel. */
  still: number;
  /** Whether it began with the speed of an earlier run. */
  experienced: boolean;
}

/** Seconds after which what was measured counts half, and the tiles it takes at least for that. */
const HALF_LIFE = 30;
const HALF_LIFE_TILES = 10;
/** An earlier run's speed counts as if it had been measured for so many seconds. */
const EXPERIENCE = 5;
/** Before so much was measured it is start-up and chance. */
const ENOUGH = { seconds: 2, tiles: 3 };
/** Seconds that a file takes at most beyond its pixels. */
const MOST_A_FILE = 0.25;

/** The pace of a batch that begins; `known` is the speed of its model in earlier runs, pixels a second. */
export function newPace(known?: number): Pace {
  const experienced = known !== undefined && known > 0;
  const recent = experienced
    ? { seconds: EXPERIENCE, pixels: EXPERIENCE * known, files: 0 }
    : { seconds: 0, pixels: 0, files: 0 };
  return { measured: { seconds: 0, tiles: 0 }, recent, still: 0, experienced };
}

/**
 * The pace after one more step, of time in which the batch ran. A pause of moderate length makes the time longer; a
 * standstill beyond that is not the batch's speed and is not counted.
 */
export function advance({ measured, recent, still, experienced }: Pace, step: Step): Pace {
  const moved = step.pixels > 0 || step.files > 0;
  const now = moved ? 0 : still + step.seconds;
  const halfLife = halfLifeOf(measured);
  if (now > halfLife) return { measured, recent, still: now, experienced };
  const fade = 0.5 ** (step.seconds / halfLife);
  return {
    measured: { seconds: measured.seconds + step.seconds, tiles: measured.tiles + step.tiles },
    recent: {
      seconds: recent.seconds * fade + step.seconds,
      pixels: recent.pixels * fade + step.pixels,
      files: recent.files * fade + step.files,
    },
    still: now,
    experienced,
  };
}

/** Seconds that `remaining` takes at this pace; null while that cannot be said, or while nothing moves. */
export function secondsLeft(pace: Pace, remaining: Remaining): number | null {
  if (remaining.files <= 0) return 0;
  const { measured, recent, still, experienced } = pace;
  const enough = measured.seconds >= ENOUGH.seconds && measured.tiles >= ENOUGH.tiles;
  if ((!enough && !experienced) || still > halfLifeOf(measured)) return null;
  if (recent.pixels <= 0 || recent.seconds <= 0) return null;
  const byPixels = (Math.max(0, remaining.pixels) * recent.seconds) / recent.pixels;
  const aFile = recent.files > 0 ? Math.min(recent.seconds / recent.files, MOST_A_FILE) : 0;
  return Math.max(byPixels, remaining.files * aFile);
}

/** Where a tile takes seconds, ten of them are needed to tell a speed. */
function halfLifeOf({ seconds, tiles }: Pace['measured']): number {
  return tiles > 0 ? Math.max(HALF_LIFE, (HALF_LIFE_TILES * seconds) / tiles) : HALF_LIFE;
}
