/**
 * The pixel that stands at `position` (which may lie outside 0..length-1) when a line is continued by reflection at its
 * ends, as often as it takes: … 2 1 0 [0 1 2 3] 3 2 1 0 0 … A reduced picture that was continued like this before is
 * continued like this still, which no other reflection can say.
 */
export function reflect(position: number, length: number): number {
  const period = 2 * length;
  const inPeriod = ((position % period) + period) % period;
  return inPeriod < length ? inPeriod : period - 1 - inPeriod;
}
