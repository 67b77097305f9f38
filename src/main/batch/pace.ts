/** What is known of a batch's speed, and so of its end. */
export interface Pace {
  /** Megapixels of source a second, the recent past counting most. */
  megapixelsPerSecond: number;
  /** Milliseconds until the end; undefined while too little is known to say. */
  millisecondsLeft: number | undefined;
}

/** After so many milliseconds a measured speed counts half. */
const HALF_LIFE = 20_000;
/** Before this many milliseconds of work, what was measured is start-up and not speed. */
const FIRST_WORD = 1_500;

/**
 * Measures pixels done over time. Every source pixel costs the same under one plan, so that the time left is
 * the pixels that remain at the measured speed. The clock is the caller's, in milliseconds.
 */
export class PaceMeter {
  #total: number;
  readonly #started: number;
  #time: number;
  #pixels = 0;
  /** Fading sums of pixels and of milliseconds: their ratio is the speed. */
  #recentPixels = 0;
  #recentTime = 0;

  /** `total`: source pixels of the whole batch. */
  constructor(total: number, now: number) {
    this.#total = total;
    this.#started = now;
    this.#time = now;
  }

  /** Takes in that `pixels` more are to be done. */
  expect(pixels: number): void {
    this.#total += pixels;
  }

  /** Takes in that `pixels` will never be done: their file failed or was cancelled. */
  forgo(pixels: number): void {
    this.#total -= pixels;
  }

  /** Takes in that `pixels` in all are done at `now`. */
  sample(pixels: number, now: number): Pace {
    const elapsed = now - this.#time;
    const fade = 0.5 ** (elapsed / HALF_LIFE);
    // Time in which nothing finished counts as well: a stall makes the estimate longer, not silent.
    this.#recentPixels = this.#recentPixels * fade + (pixels - this.#pixels);
    this.#recentTime = this.#recentTime * fade + elapsed;
    this.#time = now;
    this.#pixels = pixels;
    const speed = this.#recentTime > 0 ? this.#recentPixels / this.#recentTime : 0;
    const known = speed > 0 && now - this.#started >= FIRST_WORD;
    return {
      megapixelsPerSecond: speed / 1000,
      millisecondsLeft: known ? (this.#total - pixels) / speed : undefined,
    };
  }
}
