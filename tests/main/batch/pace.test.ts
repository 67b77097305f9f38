import { describe, expect, it } from 'vitest';
import { type Pace, PaceMeter } from '../../../src/main/batch/pace.ts';

const START = 1_000_000;
const MEGAPIXEL = 1_000_000;

/** Samples `meter` each 200 ms from `from` to `to` (ms since the start); `pixels` are those done by a time. */
function run(meter: PaceMeter, from: number, to: number, pixels: (time: number) => number): Pace {
  let pace: Pace = { megapixelsPerSecond: Number.NaN, millisecondsLeft: Number.NaN };
  for (let time = from; time <= to; time += 200) pace = meter.sample(pixels(time), START + time);
  return pace;
}

describe('PaceMeter', () => {
  it('at a constant speed says what a clock would', () => {
    const meter = new PaceMeter(60 * MEGAPIXEL, START);
    // 2 megapixels/s: after 10 s 20 are done, and 40 are left.
    const pace = run(meter, 200, 10_000, (time) => time * 2_000);
    expect(pace.megapixelsPerSecond).toBeCloseTo(2, 9);
    expect(pace.millisecondsLeft).toBeCloseTo(20_000, 3);
  });

  it('gives no time before there is a speed', () => {
    const meter = new PaceMeter(10 * MEGAPIXEL, START);
    const early = run(meter, 200, 1_400, (time) => time * 1_000);
    const idle = run(new PaceMeter(MEGAPIXEL, START), 200, 60_000, () => 0);
    const at = new PaceMeter(MEGAPIXEL, START).sample(0, START);
    expect([early.millisecondsLeft, idle, at]).toEqual([
      undefined,
      { megapixelsPerSecond: 0, millisecondsLeft: undefined },
      { megapixelsPerSecond: 0, millisecondsLeft: undefined },
    ]);
    expect(run(meter, 1_600, 1_600, (time) => time * 1_000).millisecondsLeft).toBeCloseTo(8_400, 3);
  });

  it('follows a machine that slows down', () => {
    const meter = new PaceMeter(1_000 * MEGAPIXEL, START);
    run(meter, 200, 60_000, (time) => time * 4_000);
    const slow = (time: number) => 240 * MEGAPIXEL + (time - 60_000) * 1_000;
    const [soon, later, settled] = [80_000, 100_000, 260_000].map((until, index) =>
      run(meter, [60_200, 80_200, 100_200][index] as number, until, slow),
    );
    // After one half-life: 60 s at 4 megapixels/s weigh 7/16, 20 s at 1 weigh 8/16.
    expect(soon?.megapixelsPerSecond).toBeCloseTo((7 * 4 + 8 * 1) / 15, 1);
    expect(later?.megapixelsPerSecond).toBeLessThan(soon?.megapixelsPerSecond as number);
    expect(settled?.megapixelsPerSecond).toBeCloseTo(1, 2);
    expect(settled?.millisecondsLeft).toBeCloseTo((1_000 - 240 - 200) * 1_000, -4);
  });

  it('in a stall gives more and more time, not silence', () => {
    const meter = new PaceMeter(100 * MEGAPIXEL, START);
    const before = run(meter, 200, 20_000, (time) => time * 1_000);
    const stalls = [30_000, 60_000, 120_000].map(
      (until, index) =>
        run(meter, [20_200, 30_200, 60_200][index] as number, until, () => 20 * MEGAPIXEL).millisecondsLeft,
    );
    const times = [before.millisecondsLeft, ...stalls];
    expect(times).not.toContain(undefined);
    expect(times).toEqual([...times].sort((a, b) => (a as number) - (b as number)));
    expect(stalls[2]).toBeGreaterThan(10 * (before.millisecondsLeft as number));
  });

  it('leaves out what will never be done', () => {
    const meter = new PaceMeter(60 * MEGAPIXEL, START);
    run(meter, 200, 10_000, (time) => time * 2_000);
    meter.forgo(30 * MEGAPIXEL);
    const pace = run(meter, 10_200, 10_200, (time) => time * 2_000);
    expect(pace.millisecondsLeft).toBeCloseTo((30 - 20.4) * 500, 3);
  });

  it('has no time left at the end', () => {
    const meter = new PaceMeter(10 * MEGAPIXEL, START);
    expect(run(meter, 200, 5_000, (time) => time * 2_000).millisecondsLeft).toBe(0);
  });
});
