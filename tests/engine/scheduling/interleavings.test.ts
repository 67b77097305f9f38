import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TileScheduler } from '../../../src/engine/scheduling/tile-scheduler.ts';
import type { TileJob } from '../../../src/engine/scheduling/tile-task.ts';
import { HeldWorkers, jobOf, nameOf, settled } from './simulated-workers.ts';

const at = fc.nat({ max: 99 });
const step = fc.oneof(
  fc.record({ do: fc.constant('submit' as const), at }),
  fc.record({ do: fc.constant('finish' as const), at }),
  fc.record({ do: fc.constantFrom('focus', 'concurrency', 'wait'), at }),
  fc.record({ do: fc.constantFrom('fail', 'abort'), at }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

interface Submission {
  readonly job: TileJob<number>;
  readonly abort: AbortController;
  readonly done: Promise<PromiseSettledResult<void>[]>;
  /** Set when the job may end early; no tile of it may be handed out from then on. */
  ended?: number;
}

class World {
  readonly held: HeldWorkers;
  readonly submissions: Submission[] = [];
  readonly scheduler: TileScheduler<number>;

  constructor(workers: number, depth: number) {
    this.held = new HeldWorkers(workers);
    this.scheduler = new TileScheduler({ workers: this.held.workers, depth, interactiveBurst: 2 });
  }

  async do(what: Step): Promise<void> {
    const { open } = this.held;
    const submission = this.submissions[what.at % Math.max(this.submissions.length, 1)];
    const tile = open[what.at % Math.max(open.length, 1)]?.tile;
    if (what.do === 'submit') this.#submit(what.at);
    if (what.do === 'finish' && tile) this.held.finish(nameOf(tile));
    if (what.do === 'fail' && tile) await this.#fail(nameOf(tile), tile.jobId);
    if (what.do === 'abort' && submission) this.#abort(submission);
    if (what.do === 'focus' && submission) this.scheduler.setFocus(submission.job.id, { x: what.at, y: 0 });
    if (what.do === 'concurrency') this.scheduler.setConcurrency(what.at % 5);
    if (what.do === 'wait') await settled();
  }

  handedOf(id: string, from = 0): string[] {
    return this.held.handed.slice(from).filter((name) => name.startsWith(`${id}:`));
  }

  #submit(at: number): void {
    const id = `job${this.submissions.length}`;
    const abort = new AbortController();
    const lane = at % 3 === 0 ? 'interactive' : 'batch';
    const plain = jobOf(id, at % 8, { lane, signal: abort.signal });
    const job = {
      ...plain,
      tiles: plain.tiles.map((tile) => ({ ...tile, cost: 1 + ((tile.index * at) % 7) })),
    };
    this.submissions.push({ job, abort, done: Promise.allSettled([this.scheduler.submit(job)]) });
  }

  async #fail(name: string, jobId: string): Promise<void> {
    this.held.fail(new Error('failed'), name);
    await settled();
    const submission = this.submissions.find(({ job }) => job.id === jobId);
    if (submission) submission.ended ??= this.held.handed.length;
  }

  #abort(submission: Submission): void {
    submission.abort.abort();
    submission.ended ??= this.held.handed.length;
  }
}

describe('whatever the interleaving', () => {
  it('every tile runs exactly once, or its job was ended and none of its tiles started later', async () => {
    const run = async (workers: number, depth: number, steps: Step[]) => {
      const world = new World(workers, depth);
      for (const what of steps) await world.do(what);
      for (await settled(); world.held.open.length > 0; await settled()) world.held.finish();

      const { held, submissions, scheduler } = world;
      expect(new Set(held.handed).size).toBe(held.handed.length);
      expect(Math.max(...held.mostPerWorker)).toBeLessThanOrEqual(depth);
      for (const { job, ended, done } of submissions) {
        const [outcome] = await done;
        const all = job.tiles.map(nameOf);
        const handed = world.handedOf(job.id);
        if (ended === undefined || outcome?.status === 'fulfilled') {
          expect([outcome?.status, handed.toSorted()]).toEqual(['fulfilled', all.toSorted()]);
        } else {
          expect(world.handedOf(job.id, ended)).toEqual([]);
        }
      }
      expect(scheduler.stats()).toMatchObject({ queued: 0, running: 0 });
    };
    const count = fc.integer({ min: 1, max: 4 });
    await fc.assert(fc.asyncProperty(count, count, fc.array(step, { maxLength: 60 }), run), { numRuns: 200 });
  });
});
