import { describe, expect, it } from 'vitest';
import { type FileShare, remainingOf } from '../../../src/main/metrics/remaining.ts';
import {
  advance,
  newPace,
  type Pace,
  type Remaining,
  secondsLeft,
} from '../../../src/main/metrics/time-left.ts';
import { FILE_STATES, type FileState } from '../../../src/shared/jobs.ts';

const MEGAPIXEL = 1e6;

/** A batch that is worked on, a step a second. */
interface Course {
  pace: Pace;
  left: Remaining;
}

/** What comes out each second; what is told to be left is an empty batch's zero only at its end. */
function run(
  course: Course,
  seconds: number,
  each: { pixels: number; tiles?: number; files?: number },
): { course: Course; told: (number | null)[] } {
  let { pace, left } = course;
  const told: (number | null)[] = [];
  for (let second = 0; second < seconds; second++) {
    const { pixels, tiles = 10, files = 0 } = each;
    pace = advance(pace, { seconds: 1, tiles, pixels, files });
    left = { pixels: Math.max(0, left.pixels - pixels), files: Math.max(0, left.files - files) };
    told.push(secondsLeft(pace, left));
  }
  return { course: { pace, left }, told };
}

describe('the time left', () => {
  it('at a constant speed is what a clock would say', () => {
    const start = { pace: newPace(), left: { pixels: 100 * MEGAPIXEL, files: 10 } };
    const { told } = run(start, 50, { pixels: 2 * MEGAPIXEL });
    expect(told[0]).toBeNull();
    told.slice(1, 49).forEach((seconds, index) => {
      expect(seconds).toBeCloseTo(48 - index, 6);
    });
  });

  it.each<[string, Pace, Remaining, number | null]>([
    ['of a batch of which nothing was seen', newPace(), { pixels: 1, files: 1 }, null],
    ['of a batch of which nothing is left', newPace(), { pixels: 0, files: 0 }, 0],
    ['at the speed of an earlier run', newPace(2 * MEGAPIXEL), { pixels: 10 * MEGAPIXEL, files: 1 }, 5],
    ['at the speed of an earlier run that was none', newPace(0), { pixels: 10 * MEGAPIXEL, files: 1 }, null],
    [
      'after two tiles',
      advance(newPace(), { seconds: 5, tiles: 2, pixels: MEGAPIXEL, files: 0 }),
      { pixels: MEGAPIXEL, files: 1 },
      null,
    ],
    [
      'after three tiles',
      advance(newPace(), { seconds: 5, tiles: 3, pixels: MEGAPIXEL, files: 0 }),
      { pixels: MEGAPIXEL, files: 1 },
      5,
    ],
    [
      'after less than two seconds',
      advance(newPace(), { seconds: 1.9, tiles: 90, pixels: MEGAPIXEL, files: 0 }),
      { pixels: MEGAPIXEL, files: 1 },
      null,
    ],
    [
      'of more pixels than there are, which nobody can owe',
      advance(newPace(), { seconds: 5, tiles: 3, pixels: MEGAPIXEL, files: 0 }),
      { pixels: -5, files: 1 },
      0,
    ],
  ])('%s', (_, pace, left, seconds) => {
    expect(secondsLeft(pace, left)).toEqual(seconds);
  });

  it('begins with the speed of an earlier run and does not jump to the new one', () => {
    const start = { pace: newPace(4 * MEGAPIXEL), left: { pixels: 400 * MEGAPIXEL, files: 10 } };
    const { told } = run(start, 60, { pixels: 2 * MEGAPIXEL });
    const times = [secondsLeft(start.pace, start.left), ...told] as number[];
    expect(times[0]).toBe(100);
    times.slice(1).forEach((seconds, index) => {
      expect(Math.abs(seconds - (times[index] as number))).toBeLessThan(15);
    });
    // Two megapixels a second from now on: 280 are left.
    expect(times.at(-1)).toBeCloseTo(140, -1);
  });

  it('of steps that come one by one does not jump about', () => {
    // A large tile each four seconds.
    let course: Course = { pace: newPace(), left: { pixels: 200 * MEGAPIXEL, files: 1 } };
    const times: number[] = [];
    for (let tile = 0; tile < 25; tile++) {
      const moved = run(course, 1, { pixels: 2 * MEGAPIXEL, tiles: 1 });
      const still = run(moved.course, 3, { pixels: 0, tiles: 0 });
      course = still.course;
      times.push(...[...moved.told, ...still.told].map((seconds) => seconds ?? Number.NaN));
    }
    const real = (index: number) => 4 * (100 - Math.floor(index / 4) - 1);
    // Ten tiles are known of by then.
    times.slice(40).forEach((seconds, index) => {
      expect(Math.abs(seconds / real(index + 40) - 1)).toBeLessThan(0.2);
    });
  });

  it('in a pause grows, and after a long one is not known until it goes on', () => {
    const start = { pace: newPace(), left: { pixels: 100 * MEGAPIXEL, files: 1 } };
    const before = run(start, 20, { pixels: MEGAPIXEL });
    const pause = run(before.course, 30, { pixels: 0, tiles: 0 });
    const times = [before.told.at(-1), ...pause.told] as number[];
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.at(-1)).toBeLessThan(80 * 5);
    const longer = run(pause.course, 600, { pixels: 0, tiles: 0 });
    expect(new Set(longer.told)).toEqual(new Set([null]));
    // The standstill was no speed of the batch's.
    const after = run(longer.course, 1, { pixels: MEGAPIXEL });
    expect(after.told[0]).toBeLessThan(80 * 5);
    expect(after.told[0]).toBeGreaterThan(0);
  });

  it('of small files is that of their number', () => {
    // Ten files a second, whatever their size: the last are half as large as those before.
    const start = { pace: newPace(), left: { pixels: 30 * MEGAPIXEL, files: 600 } };
    const { course } = run(start, 20, { pixels: MEGAPIXEL, files: 10 });
    expect(secondsLeft(course.pace, { pixels: 20 * MEGAPIXEL, files: 400 })).toBeCloseTo(40, 3);
  });

  it('of small files after large ones is not that of as many large ones', () => {
    const start = { pace: newPace(), left: { pixels: 200 * MEGAPIXEL, files: 110 } };
    const large = run(start, 90, { pixels: MEGAPIXEL, files: 0.1 });
    // A hundred files of a megapixel: a hundred seconds, and not a thousand.
    expect(secondsLeft(large.course.pace, { pixels: 100 * MEGAPIXEL, files: 100 })).toBeCloseTo(100, 3);
  });
});

describe('what is left of a batch', () => {
  const counts = (some: Partial<Record<FileState, number>>) =>
    Object.fromEntries(FILE_STATES.map((state) => [state, some[state] ?? 0])) as Record<FileState, number>;
  const half: FileShare = { pixels: 100, pixelsDone: 50 };
  const whole: FileShare = { pixels: 100, pixelsDone: 100 };
  it.each<[string, Parameters<typeof remainingOf>, Remaining]>([
    [
      'before it begins',
      [{ files: counts({ queued: 5 }), pixelsTotal: 500, pixelsDone: 0 }, 0, []],
      { pixels: 500, files: 5 },
    ],
    [
      'in the middle',
      [
        { files: counts({ queued: 2, done: 1, enhancing: 2 }), pixelsTotal: 500, pixelsDone: 100 },
        0,
        [half, whole],
      ],
      { pixels: 250, files: 4 },
    ],
    [
      'with files that failed',
      [{ files: counts({ queued: 2, done: 1, failed: 2 }), pixelsTotal: 500, pixelsDone: 100 }, 200, []],
      { pixels: 200, files: 2 },
    ],
    [
      'where the journal has as done what is still told to be in work',
      [
        { files: counts({ queued: 2, done: 1, enhancing: 1 }), pixelsTotal: 400, pixelsDone: 100 },
        0,
        [whole, half],
      ],
      { pixels: 250, files: 3 },
    ],
    [
      'at its end',
      [{ files: counts({ done: 5 }), pixelsTotal: 500, pixelsDone: 500 }, 0, [whole]],
      { pixels: 0, files: 0 },
    ],
    [
      'where the sums do not fit, never less than nothing',
      [{ files: counts({ enhancing: 1 }), pixelsTotal: 100, pixelsDone: 50 }, 20, [whole]],
      { pixels: 0, files: 1 },
    ],
  ])('%s', (_, args, left) => {
    expect(remainingOf(...args)).toEqual(left);
  });
});
