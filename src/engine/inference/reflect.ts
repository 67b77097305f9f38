/**
 * The pixel that stands at `position` (which may lie outside 0..length-1) when a line is continued by
 * reflection about its end pixels, as often as it takes: … 2 1 [0 1 2 3] 2 1 0 1 …
 */
export function reflect(position: number, length: number): number {
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const inPeriod = ((position % period) + period) % period;
  return inPeriod < length ? inPeriod : period - inPeriod;
}
