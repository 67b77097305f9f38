/**
 * Deals tiles of the given costs, most urgent first, to deques with the given loads (queued cost): each to the
 * one with the least load, the first of equals. Returns a deque's index for each tile.
 *
 * This forecasts which worker will be free first, so all workers reach tiles of the same urgency at the same
 * time; stealing makes up for what the costs got wrong.
 */
export function deal(costs: readonly number[], loads: readonly number[]): number[] {
  const forecast = [...loads];
  return costs.map((cost) => {
    const least = forecast.indexOf(Math.min(...forecast));
    forecast[least] = (forecast[least] ?? 0) + cost;
    return least;
  });
}

/** How much a deque holds. */
export interface DequeLoad {
  readonly length: number;
  /** The sum of its tiles' costs. */
  readonly cost: number;
}

/** The deque to steal from: the longest by cost, the first of equals, undefined if all are empty. */
export function chooseVictim(loads: readonly DequeLoad[]): number | undefined {
  let victim: number | undefined;
  let longest = Number.NEGATIVE_INFINITY;
  for (const [index, { length, cost }] of loads.entries()) {
    if (length === 0 || cost <= longest) continue;
    victim = index;
    longest = cost;
  }
  return victim;
}

/**
 * Whether a worker that runs a tile may get another one into its inbox. What lies in an inbox can't be stolen:
 * so the last tiles, one for each worker that might run dry, stay where all can reach them.
 */
export function mayFillInbox(queued: number, activeWorkers: number): boolean {
  return activeWorkers === 1 || queued > activeWorkers;
}
