import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Codec } from '../../../src/engine/stages/decode-stage.ts';
import { enhanceBands } from '../../../src/engine/stages/enhance-bands.ts';
import type { FrameTiles } from '../../../src/engine/stages/frame-tiles.ts';
import type { BandedFrame, Frame } from '../../../src/engine/stages/frames.ts';

/** Pixels of the source. */
const [ROWS, REACH] = [32, 2];

const layoutOf = (slot: number) => ({ byteLength: 1, source: slot, result: slot, joined: slot });

/** A picture in bands, and in slots for some of them: what is asked of it is noted, and what is done ends when `s` says so. */
async function course(s: fc.Scheduler, count: number, slots: number) {
  const bands = Array.from({ length: count }, (_, index) => ({
    tiles: [],
    covered: { top: index * ROWS, rows: ROWS },
    held: { top: index * ROWS, rows: ROWS },
  }));
  const ended = { computed: new Set<number>(), stored: new Set<number>() };
  const begun: number[] = [];
  const codec = {
    ask: async (what: string, work: { rows: { top: number } }) => {
      const index = Math.floor((work.rows.top + REACH) / ROWS);
      await s.schedule(Promise.resolve(), `${what} ${index}`);
      if (what === 'storeRows') {
        // All that reach these rows are done.
        expect([ended.computed.has(index), index === 0 || ended.computed.has(index - 1)]).toEqual([
          true,
          true,
        ]);
        ended.stored.add(index);
      }
      return { copied: 0 };
    },
  } as unknown as Codec;
  const tiles = {
    compute: async (key: string) => {
      const index = Number(key.split('/')[1]);
      // Sums of three rows of tiles are kept: of two bands in work, and of what they share with those next to them.
      const waitedFor = Array.from({ length: Math.max(0, index - 1) }, (_, before) => before);
      expect(waitedFor.filter((before) => !ended.computed.has(before))).toEqual([]);
      for (const written of index + 1 < count ? [index, index + 1] : [index]) {
        if (written >= slots) expect(ended.stored.has(written - slots)).toBe(true);
      }
      begun.push(index);
      await s.schedule(Promise.resolve(), `compute ${index}`);
      ended.computed.add(index);
    },
    show: () => {},
  } as unknown as FrameTiles;
  const frame = {
    context: { job: { plan: { scale: 1 } }, copied: {} },
    decoded: { pixels: 'p', width: 9, height: count * ROWS, bands: 3, deep: false },
    alpha: undefined,
    lease: { buffer: new SharedArrayBuffer(8) },
  } as unknown as Frame;
  const banded = {
    plan: { bands, slots: Array.from({ length: slots }, (_, slot) => layoutOf(slot)), byteLength: slots },
    result: 'r',
    seams: { rows: { reach: REACH } },
  } as unknown as BandedFrame;
  await s.waitFor(enhanceBands(codec, tiles, frame, banded, new AbortController().signal, 1));
  return begun;
}

it('bands that share rows are computed two at a time, whichever are read and computed first', async () => {
  const cases = {
    s: fc.scheduler(),
    count: fc.integer({ min: 1, max: 9 }),
    slots: fc.integer({ min: 2, max: 4 }),
  };
  await fc.assert(
    fc.asyncProperty(fc.record(cases), async ({ s, count, slots }) => {
      const begun = await course(s, count, slots);
      expect(begun.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, index) => index));
    }),
    { numRuns: 300 },
  );
});
