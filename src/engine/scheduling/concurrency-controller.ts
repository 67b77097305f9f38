/** What was observed since the last sample, taken about once a second. */
export interface ConcurrencySample {
  /** When, on a monotonic clock in milliseconds. */
  readonly atMs: number;
  /** The share of the memory budget in use, 0 to 1; above 1 when overdrawn. */
  readonly memoryPressure: number;
  /** Tiles that wait for a worker. */
  readonly queueDepth: number;
  /** Throughput at the present concurrency, in tiles of like cost. */
  readonly tilesPerSecond: number;
}

export interface ConcurrencyLimits {
  readonly min: number;
  readonly max: number;
  /** How long a change is left to show its effect, in milliseconds. Default 5,000. */
  readonly coolDownMs?: number;
  /** How long a concurrency that did not pay, or did not fit, is not tried again. Default 60,000. */
  readonly retryMs?: number;
  /** What one more worker must add to throughput, as a share, to stay. Default 0.03. */
  readonly minGain?: number;
  /** Memory pressure from which workers are let go, and below which one may be added. Defaults 0.9 and 0.75. */
  readonly highPressure?: number;
  readonly lowPressure?: number;
}

export interface ConcurrencyState {
  readonly concurrency: number;
  readonly changedAtMs: number;
  /** Set while an added worker has yet to prove its worth: the throughput without it. */
  readonly baseline?: number | undefined;
  /** The least concurrency that did not pay or fit, and until when that is believed. */
  readonly rejected?: { readonly concurrency: number; readonly untilMs: number } | undefined;
}

/**
 * The concurrency after `sample`, one step from the one before at most. It climbs while work waits and each
 * step pays: the best number differs by machine, model and load, and is found rather than computed.
 * Memory pressure lowers it at once, sample by sample; every other change waits for the cool-down of the last.
 */
export function nextConcurrency(
  state: ConcurrencyState,
  sample: ConcurrencySample,
  limits: ConcurrencyLimits,
): ConcurrencyState {
  const { coolDownMs = 5_000, minGain = 0.03, highPressure = 0.9, lowPressure = 0.75 } = limits;
  const { concurrency, baseline, rejected } = state;
  if (sample.memoryPressure >= highPressure) {
    return concurrency > limits.min ? stepDown(state, sample, limits) : state;
  }
  if (sample.atMs - state.changedAtMs < coolDownMs) return state;
  // With nothing waiting, throughput tells how much there was to do, not how much could have been done.
  if (sample.queueDepth === 0) return { ...state, baseline: undefined };
  if (baseline !== undefined && sample.tilesPerSecond < baseline * (1 + minGain)) {
    return stepDown(state, sample, limits);
  }
  const settled = { ...state, baseline: undefined };
  const isRejected =
    rejected !== undefined && concurrency + 1 >= rejected.concurrency && sample.atMs < rejected.untilMs;
  if (concurrency >= limits.max || sample.memoryPressure >= lowPressure || isRejected) return settled;
  return {
    ...settled,
    concurrency: concurrency + 1,
    changedAtMs: sample.atMs,
    baseline: sample.tilesPerSecond,
  };
}

function stepDown(
  { concurrency }: ConcurrencyState,
  { atMs }: ConcurrencySample,
  { retryMs = 60_000 }: ConcurrencyLimits,
): ConcurrencyState {
  return {
    concurrency: concurrency - 1,
    changedAtMs: atMs,
    rejected: { concurrency, untilMs: atMs + retryMs },
  };
}
