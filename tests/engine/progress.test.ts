import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProgressReporter } from '../../src/engine/progress.ts';
import type { JobProgress } from '../../src/shared/engine-protocol.ts';
import { type Rect, union } from '../../src/shared/tiles.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

interface Message {
  at: number;
  jobs: JobProgress[];
}

/** A reporter and what it sent, when. */
function recorded() {
  const messages: Message[] = [];
  // Records are used again: what crosses a process boundary is a copy, too.
  const reporter = new ProgressReporter((jobs) =>
    messages.push({ at: performance.now(), jobs: structuredClone(jobs) }),
  );
  return { reporter, messages };
}

const tile = (x: number): Rect => ({ x, y: 0, width: 10, height: 10 });

describe('progress', () => {
  it('sends the first state at once and then the latest, with the rectangle around what changed', () => {
    const { reporter, messages } = recorded();
    const start = performance.now();
    reporter.report(1, 'decoding', 0, 0, 0);
    vi.advanceTimersByTime(0);
    reporter.report(1, 'enhancing', 0, 3, 0);
    reporter.report(1, 'enhancing', 1, 3, 100, tile(0));
    vi.advanceTimersByTime(20);
    reporter.report(1, 'enhancing', 2, 3, 200, tile(20));
    reporter.report(2, 'decoding', 0, 0, 0);
    vi.advanceTimersByTime(100);
    expect(messages).toEqual([
      { at: start, jobs: [{ jobId: 1, state: 'decoding', tilesDone: 0, tilesTotal: 0, pixelsDone: 0 }] },
      {
        at: start + 34,
        jobs: [
          {
            jobId: 1,
            state: 'enhancing',
            tilesDone: 2,
            tilesTotal: 3,
            pixelsDone: 200,
            dirty: { x: 0, y: 0, width: 30, height: 10 },
          },
          { jobId: 2, state: 'decoding', tilesDone: 0, tilesTotal: 0, pixelsDone: 0 },
        ],
      },
    ]);
  });

  it('does not repeat what is known, rectangles included', () => {
    const { reporter, messages } = recorded();
    reporter.report(1, 'enhancing', 1, 3, 100, tile(0));
    vi.advanceTimersByTime(100);
    reporter.report(1, 'encoding', 3, 3, 300);
    vi.advanceTimersByTime(100);
    reporter.flush();
    expect(messages.map(({ jobs }) => jobs.map(({ state, dirty }) => ({ state, dirty })))).toEqual([
      [{ state: 'enhancing', dirty: tile(0) }],
      [{ state: 'encoding', dirty: undefined }],
    ]);
  });

  it('ends with the last state, at once, and forgets the job', () => {
    const { reporter, messages } = recorded();
    reporter.report(1, 'enhancing', 3, 3, 300);
    vi.advanceTimersByTime(10);
    reporter.report(1, 'verifying', 3, 3, 300);
    reporter.end(1);
    expect(messages.at(-1)?.jobs).toMatchObject([{ jobId: 1, state: 'verifying' }]);
    const sent = messages.length;
    reporter.end(1);
    reporter.end(7);
    vi.advanceTimersByTime(100);
    expect(messages).toHaveLength(sent);
    expect(vi.getTimerCount()).toBe(0);
  });
});

const STATES = ['decoding', 'enhancing', 'encoding', 'verifying'] as const;
const steps = fc.array(
  fc.record({
    jobId: fc.integer({ min: 0, max: 2 }),
    state: fc.constantFrom(...STATES),
    tilesDone: fc.nat(50),
    dirty: fc.option(
      fc.record({
        x: fc.nat(99),
        y: fc.nat(99),
        width: fc.integer({ min: 1, max: 9 }),
        height: fc.constant(3),
      }),
      { nil: undefined },
    ),
    pause: fc.nat(40),
  }),
  { minLength: 1, maxLength: 60 },
);

it('conflated, it comes to the same as every single event, and never oftener than once in 33 ms', () => {
  fc.assert(
    fc.property(steps, (events) => {
      const { reporter, messages } = recorded();
      const last = new Map<number, unknown>();
      const changed = new Map<number, Rect>();
      for (const { jobId, state, tilesDone, dirty, pause } of events) {
        reporter.report(jobId, state, tilesDone, 50, tilesDone * 7, dirty);
        last.set(jobId, { jobId, state, tilesDone, tilesTotal: 50, pixelsDone: tilesDone * 7 });
        merge(changed, jobId, dirty);
        vi.advanceTimersByTime(pause);
      }
      // The reporter waits for 34 ms, so that 32 messages are the most in a second.
      vi.advanceTimersByTime(34);
      const lastSeen = new Map<number, unknown>();
      const changedSeen = new Map<number, Rect>();
      for (const { dirty, ...progress } of messages.flatMap(({ jobs }) => jobs)) {
        lastSeen.set(progress.jobId, progress);
        merge(changedSeen, progress.jobId, dirty);
      }
      expect([lastSeen, changedSeen]).toEqual([last, changed]);
      const gaps = messages.slice(1).map(({ at }, index) => at - (messages[index]?.at ?? 0));
      expect(gaps.every((gap) => gap >= 33)).toBe(true);
    }),
  );
});

function merge(into: Map<number, Rect>, jobId: number, rect: Rect | undefined): void {
  if (!rect) return;
  const before = into.get(jobId);
  into.set(jobId, before ? union(before, rect) : rect);
}
