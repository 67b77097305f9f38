import { EnlargerError } from '../../shared/errors.ts';
import type { TileJob } from './tile-task.ts';

/** Throws `bad-argument` unless `value` is an integer from `min` to `max`. */
export function expectInteger(name: string, value: number, min: number, max = Number.MAX_SAFE_INTEGER): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  const range = max === Number.MAX_SAFE_INTEGER ? `from ${min}` : `from ${min} to ${max}`;
  throw badArgument(`an integer ${range} for ${name}`, value);
}

/** Throws `bad-argument` if a job of this id is among those that are not over. */
export function expectNewJob(id: string, jobs: { has(id: string): boolean }): void {
  if (jobs.has(id)) throw badArgument('an id that no unfinished job has', id);
}

/** Throws `bad-argument` unless the tiles are the job's own, each once, with numbers that can be sorted and summed. */
export function expectTiles(job: Pick<TileJob, 'id' | 'tiles'>): void {
  const seen = new Set<number>();
  for (const { jobId, index, x, y, cost } of job.tiles) {
    if (jobId !== job.id) throw badArgument(`tiles of job ${job.id}`, `one of job ${jobId}`);
    if (!Number.isFinite(index) || seen.has(index)) throw badArgument('a new index for each tile', index);
    if (!Number.isFinite(x) || !Number.isFinite(y)) {
      throw badArgument(`a place for tile ${index}`, `(${x}, ${y})`);
    }
    if (!Number.isFinite(cost) || cost <= 0) throw badArgument(`a cost above 0 for tile ${index}`, cost);
    seen.add(index);
  }
}

function badArgument(expected: string, received: unknown): EnlargerError {
  return new EnlargerError('bad-argument', `Expected ${expected} but received ${received}.`);
}
