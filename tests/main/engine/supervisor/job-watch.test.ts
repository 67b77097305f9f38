import { describe, expect, it } from 'vitest';
import { JobWatch } from '../../../../src/main/engine/supervisor/job-watch.ts';
import type { JobState } from '../../../../src/shared/engine-protocol.ts';

const SMALL = { sourcePixels: 0, resultPixels: 0 };
const minutes = (count: number) => count * 60_000;

const at = (jobId: number, state: JobState, tilesDone = 0) => [
  { jobId, state, tilesDone, tilesTotal: 9, pixelsDone: 0 },
];

function watching(...jobIds: number[]): JobWatch {
  const watch = new JobWatch();
  for (const jobId of jobIds) watch.begin(jobId, SMALL);
  return watch;
}

describe('a job', () => {
  it('that waits for its turn waits as long as it takes', () => {
    expect(watching(1).overdue(minutes(1000))).toBeUndefined();
  });

  it('hangs when it rests longer than its stage allows', () => {
    const watch = watching(1);
    watch.progress(at(1, 'decoding'), 1000);
    expect(watch.overdue(1000 + minutes(1))).toBeUndefined();
    expect(watch.overdue(1001 + minutes(1))).toBe('decoding has not moved on for 60 s');
  });

  it('moves on from stage to stage and from tile to tile', () => {
    const watch = watching(1);
    watch.progress(at(1, 'decoding'), 0);
    watch.progress(at(1, 'enhancing'), minutes(1));
    watch.progress(at(1, 'enhancing', 1), minutes(3));
    expect(watch.overdue(minutes(5))).toBeUndefined();
    expect(watch.overdue(minutes(5) + 1)).toBe('enhancing has not moved on for 120 s');
  });

  it('does not move on by saying the same again', () => {
    const watch = watching(1);
    watch.progress(at(1, 'enhancing', 3), 0);
    watch.progress(at(1, 'enhancing', 3), minutes(2));
    expect(watch.overdue(minutes(2) + 1)).toBe('enhancing has not moved on for 120 s');
  });

  it('is given the time of its size', () => {
    const watch = new JobWatch();
    watch.begin(1, { sourcePixels: 1e6, resultPixels: 16e6 });
    watch.progress(at(1, 'encoding'), 0);
    expect(watch.overdue(380_000)).toBeUndefined();
    expect(watch.overdue(380_001)).toBe('encoding has not moved on for 380 s');
  });

  it('that has ended does not hang, and what is said of it later is nothing', () => {
    const watch = watching(1);
    watch.progress(at(1, 'encoding'), 0);
    watch.end(1, 10);
    watch.progress(at(1, 'verifying'), 20);
    expect(watch.overdue(minutes(1000))).toBeUndefined();
  });
});

describe('jobs', () => {
  it('that wait for one another are not taken for hanging while one moves', () => {
    const watch = watching(1, 2, 3);
    watch.progress([...at(1, 'enhancing'), ...at(2, 'verifying'), ...at(3, 'decoding')], 0);
    for (let tile = 1; tile < 9; tile++) watch.progress(at(1, 'enhancing', tile), minutes(tile * 2));
    expect(watch.overdue(minutes(18))).toBeUndefined();
    expect(watch.overdue(minutes(18) + 1)).toBe('enhancing has not moved on for 120 s');
  });

  it('wait for the most patient of them', () => {
    const watch = watching(1);
    watch.begin(2, { sourcePixels: 0, resultPixels: 100e6 });
    watch.progress([...at(1, 'verifying'), ...at(2, 'encoding')], 0);
    expect(watch.overdue(minutes(34))).toBeUndefined();
    watch.end(2, minutes(34));
    expect(watch.overdue(minutes(35))).toBeUndefined();
    expect(watch.overdue(minutes(35) + 1)).toBe('verifying has not moved on for 60 s');
  });

  it('are counted anew after a time in which nobody looked', () => {
    const watch = watching(1);
    watch.progress(at(1, 'decoding'), 0);
    watch.startAnew(minutes(60));
    expect(watch.overdue(minutes(61))).toBeUndefined();
    expect(watch.overdue(minutes(61) + 1)).toBeDefined();
  });
});
