import type { BatchRecord } from '../../shared/jobs.ts';
import { endedOf, totalOf } from '../stores/library-store.ts';

/** How much is done of the batches that move, or have just ended: those of `followed` included. */
export function progressOf(
  batches: Iterable<BatchRecord>,
  followed: ReadonlySet<number>,
): { done: number; total: number; ids: Set<number> } {
  const sum = { done: 0, total: 0, ids: new Set<number>() };
  for (const batch of batches) {
    if (batch.state !== 'running' && !followed.has(batch.id)) continue;
    sum.done += endedOf(batch);
    sum.total += totalOf(batch);
    sum.ids.add(batch.id);
  }
  return sum;
}
