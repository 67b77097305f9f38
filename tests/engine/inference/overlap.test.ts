import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type DividedLine,
  dividedLine,
  pieceAt,
  reachOf,
  scaledLine,
  segmentOf,
  weightsOf,
} from '../../../src/engine/inference/overlap.ts';
import { blendWithin } from '../../../src/shared/network-geometry.ts';
import { planTiles } from '../../../src/shared/tiles.ts';

/** Lines as pictures are divided, with the overlap that is theirs. */
const lines = fc
  .record({
    length: fc.integer({ min: 1, max: 300 }),
    multiple: fc.integer({ min: 1, max: 16 }),
    units: fc.integer({ min: 1, max: 12 }),
    scale: fc.integer({ min: 1, max: 8 }),
  })
  .map(({ length, multiple, units, scale }) => {
    const tile = { width: units * multiple, height: units * multiple };
    const starts = planTiles(length, 1, tile, multiple).map(({ x }) => x);
    return scaledLine(dividedLine(length, starts, blendWithin(tile)), scale);
  });

const piecesOf = ({ borders }: DividedLine) =>
  Array.from({ length: borders.length + 1 }, (_, index) => index);

describe('a line of pieces that overlap', () => {
  it('is divided into segments without gaps', () => {
    fc.assert(
      fc.property(lines, (line) => {
        let end = 0;
        for (let index = 0; index <= 2 * line.borders.length; index++) {
          const { from, to } = segmentOf(line, index);
          expect(from).toBe(end);
          expect(to).toBeGreaterThanOrEqual(from);
          end = to;
        }
        expect(end).toBe(line.length);
        expect(segmentOf(line, -1)).toEqual({ from: 0, to: 0 });
        expect(segmentOf(line, 2 * line.borders.length + 1)).toEqual({ from: end, to: end });
      }),
    );
  });

  it.each([2 ** 8, 2 ** 11])('counts for exactly 1 in every pixel, in steps of 1/%i', (steps) => {
    fc.assert(
      fc.property(lines, (line) => {
        const sums = new Float64Array(line.length);
        for (const piece of piecesOf(line)) {
          const span = reachOf(line, piece);
          const weights = weightsOf(line, piece, span, steps);
          expect(weights.every((weight) => Number.isInteger(weight * steps))).toBe(true);
          for (const [index, weight] of weights.entries()) {
            sums[span.from + index] = (sums[span.from + index] ?? 0) + weight;
          }
        }
        expect(sums).toEqual(new Float64Array(line.length).fill(1));
      }),
    );
  });

  it('a piece is found by where it begins', () => {
    fc.assert(
      fc.property(lines, (line) => {
        const starts = [0, ...line.borders];
        expect(starts.map((start) => pieceAt(line, start))).toEqual(piecesOf(line));
      }),
    );
  });

  it('rises and falls smoothly', () => {
    const line = dividedLine(40, [0, 20], 8);
    const weights = weightsOf(line, 1, { from: 0, to: 40 }, 2 ** 11);
    expect(weights.slice(0, 12)).toEqual(new Float64Array(12));
    expect(weights.slice(28)).toEqual(new Float64Array(12).fill(1));
    const steps = weights.slice(1).map((weight, index) => weight - (weights[index] ?? 0));
    expect(Math.max(...steps)).toBeLessThan(Math.PI / 2 / 16 + 1e-3);
    expect(steps[11]).toBeLessThan(0.01);
    expect(Math.min(...steps)).toBe(0);
  });
});
