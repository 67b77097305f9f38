import { EnlargerError } from '../../shared/errors.ts';

/** What a `Histogram` has seen: durations in milliseconds, all 0 while it is empty. */
export interface HistogramSnapshot {
  readonly count: number;
  readonly sum: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** The first bucket takes everything up to this many milliseconds; the last, everything from about 4.7 hours. */
const SMALLEST_MS = 0.001;
const BUCKETS_PER_OCTAVE = 8;
const OCTAVES = 34;
const BUCKETS = OCTAVES * BUCKETS_PER_OCTAVE + 1;

/**
 * Durations counted in logarithmic buckets, eight to each doubling, in 2 KB that never grow.
 * Count, sum and maximum are exact; percentiles are within 5 % of the nearest-rank percentile.
 */
export class Histogram {
  readonly #counts = new Float64Array(BUCKETS);
  #count = 0;
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = 0;

  /** Counts one duration in milliseconds. Throws `bad-argument` unless it is finite and not negative. */
  record(ms: number): void {
    if (!Number.isFinite(ms) || ms < 0) {
      throw new EnlargerError('bad-argument', `Expected a duration of 0 ms or more but received ${ms}.`);
    }
    const bucket = bucketOf(ms);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#count += 1;
    this.#sum += ms;
    this.#min = Math.min(this.#min, ms);
    this.#max = Math.max(this.#max, ms);
  }

  snapshot(): HistogramSnapshot {
    return {
      count: this.#count,
      sum: this.#sum,
      p50: this.#percentile(0.5),
      p95: this.#percentile(0.95),
      p99: this.#percentile(0.99),
      max: this.#max,
    };
  }

  #percentile(fraction: number): number {
    if (this.#count === 0) return 0;
    const rank = Math.ceil(fraction * this.#count);
    let seen = 0;
    const bucket = this.#counts.findIndex((count) => {
      seen += count;
      return seen >= rank;
    });
    // A bucket's middle may lie outside what was recorded; a percentile may not.
    return Math.min(Math.max(middleOf(bucket), this.#min), this.#max);
  }
}

/** Bucket b > 0 holds the durations from SMALLEST · 2^((b - 1) / 8) on, up to where the next one begins. */
function bucketOf(ms: number): number {
  if (ms < SMALLEST_MS) return 0;
  const bucket = 1 + Math.floor(Math.log2(ms / SMALLEST_MS) * BUCKETS_PER_OCTAVE);
  return Math.min(bucket, BUCKETS - 1);
}

function middleOf(bucket: number): number {
  return bucket === 0 ? 0 : SMALLEST_MS * 2 ** ((bucket - 0.5) / BUCKETS_PER_OCTAVE);
}
