import { deepStrictEqual } from 'node:assert';
import { ProgressReporter } from '../src/engine/progress.ts';
import type { JobProgress } from '../src/shared/engine-protocol.ts';
import { type Rect, union } from '../src/shared/tiles.ts';
import type { Benchmark } from './harness.ts';

const EVENTS = 10_000;
const JOBS = 4;

/** Ten thousand tile events spread over a second: messages sent, and what is left standing at the end. */
export const eventsBenchmark: Benchmark = {
  name: 'events',
  async run() {
    const messages: JobProgress[][] = [];
    const reporter = new ProgressReporter((jobs) => messages.push(structuredClone(jobs)));
    const expected = new Map<number, JobProgress>();
    const started = performance.now();
    for (let event = 0; event < EVENTS; event++) {
      const jobId = event % JOBS;
      const done = Math.floor(event / JOBS) + 1;
      const tile = { x: (event * 37) % 4096, y: (event * 91) % 4096, width: 64, height: 64 };
      reporter.report(jobId, 'enhancing', done, EVENTS / JOBS, done * 4096, tile);
      const dirty = expected.get(jobId)?.dirty;
      expected.set(jobId, {
        jobId,
        state: 'enhancing',
        tilesDone: done,
        tilesTotal: EVENTS / JOBS,
        pixelsDone: done * 4096,
        dirty: dirty ? union(dirty, tile) : tile,
      });
      const due = started + (1000 * event) / EVENTS;
      const early = due - performance.now();
      if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    }
    const seconds = (performance.now() - started) / 1000;
    reporter.flush();
    deepStrictEqual(merged(messages), expected);
    const rate = messages.length / seconds;
    return [
      {
        measure: '10,000 tile events in one second; final state deep-equal',
        seen: `${messages.length} messages in ${seconds.toFixed(2)} s`,
        bar: '≤ 32 messages/s',
        met: rate <= 32,
      },
    ];
  },
};

function merged(messages: readonly JobProgress[][]): Map<number, JobProgress> {
  const states = new Map<number, JobProgress>();
  for (const job of messages.flat()) {
    const rects = [states.get(job.jobId)?.dirty, job.dirty].filter(
      (rect): rect is Rect => rect !== undefined,
    );
    states.set(job.jobId, { ...job, dirty: rects.reduce(union) });
  }
  return states;
}
