import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addToCell, clearSeams, seamBytes } from '../../../src/engine/inference/seam-memory.ts';
import { cellNumber, cellsOf, reachedBy, seamGrid } from '../../../src/engine/inference/seams.ts';
import { blendWithin } from '../../../src/shared/network-geometry.ts';
import { planTiles, scaled } from '../../../src/shared/tiles.ts';

const pictures = fc
  .record({
    width: fc.integer({ min: 1, max: 60 }),
    height: fc.integer({ min: 1, max: 60 }),
    side: fc.integer({ min: 8, max: 24 }),
    multiple: fc.integer({ min: 1, max: 4 }),
    scale: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ width, height, side, multiple, scale }) => {
    const whole = Math.floor(side / multiple) * multiple;
    const tile = { width: whole, height: whole };
    const tiles = planTiles(width, height, tile, multiple);
    const grid = seamGrid({ width, height }, tiles, { scale, blend: blendWithin(tile) });
    return {
      width: width * scale,
      height: height * scale,
      grid,
      tiles: tiles.map((each) => scaled(each, scale)),
    };
  });

describe('the cells of a picture', () => {
  it('lie in what their tiles reach, and cover each pixel as often as tiles reach it', () => {
    fc.assert(
      fc.property(pictures, ({ width, height, grid, tiles }) => {
        if (!grid) return;
        const reached = new Map<number, number>();
        const counts = new Uint8Array(width * height);
        const places = new Map<number, { tiles: number; pixels: number }>();
        for (const tile of tiles) {
          const all = reachedBy(grid, tile);
          let pixels = 0;
          for (const cell of cellsOf(grid, tile)) {
            const { x, y, width: across, height: down } = cell.place;
            pixels += across * down;
            const number = cellNumber(grid, cell);
            reached.set(number, (reached.get(number) ?? 0) + 1);
            places.set(number, { tiles: cell.tiles, pixels: across * down });
            if (reached.get(number) !== cell.tiles) continue;
            for (let row = y; row < y + down; row++) {
              for (let column = x; column < x + across; column++) {
                counts[row * width + column] = (counts[row * width + column] ?? 0) + 1;
              }
            }
          }
          expect(pixels).toBe(all.width * all.height);
        }
        for (const [number, { tiles: expected }] of places) expect(reached.get(number)).toBe(expected);
        expect(counts).toEqual(new Uint8Array(width * height).fill(1));
      }),
    );
  });

  it('have sums of their own, also where there are those of three rows of tiles at once', () => {
    fc.assert(
      fc.property(pictures, fc.boolean(), ({ grid, tiles }, banded) => {
        if (!grid) return;
        const rows = grid.rows.borders.length + 1;
        const tileRows = banded ? Math.min(3, rows) : rows;
        const buffer = new SharedArrayBuffer(8 + seamBytes(grid, tileRows));
        const seams = { ...grid, buffer, offset: 8, tileRows };
        clearSeams(seams);
        const first = tiles.filter(({ y }) => y === 0 || grid.rows.borders.slice(0, 1).includes(y));
        const taken = new Set<number>();
        const seen = new Set<number>();
        for (const tile of first) {
          for (const cell of cellsOf(grid, tile)) {
            if (cell.tiles === 1 || seen.has(cellNumber(grid, cell))) continue;
            seen.add(cellNumber(grid, cell));
            addToCell(seams, cell, (sums, added) => {
              expect(added).toBe(0);
              for (let row = 0; row < cell.place.height; row++) {
                for (let index = 0; index < cell.place.width * 3; index++) {
                  const at = sums.start(row) + index;
                  if (at >= sums.data.length || taken.has(at)) throw new Error(`Two cells have sum ${at}.`);
                  taken.add(at);
                }
              }
            });
            addToCell(seams, cell, (_, added) => expect(added).toBe(1));
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('there are none in a picture of one tile, or whose tiles only border on each other', () => {
    const tiles = planTiles(40, 40, { width: 20, height: 20 });
    expect(seamGrid({ width: 40, height: 40 }, tiles, { scale: 2, blend: 0 })).toBeUndefined();
    expect(seamGrid({ width: 9, height: 9 }, tiles.slice(0, 1), { scale: 2, blend: 4 })).toBeUndefined();
  });

  it('are free again when something goes wrong in them', () => {
    const tiles = planTiles(40, 20, { width: 20, height: 20 });
    const grid = seamGrid({ width: 40, height: 20 }, tiles, { scale: 1, blend: 4 });
    if (!grid) throw new Error('There is a seam.');
    const seams = { ...grid, buffer: new SharedArrayBuffer(seamBytes(grid, 1)), offset: 0, tileRows: 1 };
    const [, shared] = cellsOf(grid, { x: 0, y: 0, width: 20, height: 20 });
    if (!shared) throw new Error('The tiles share a cell.');
    const failing = () => {
      throw new RangeError('no');
    };
    expect(() => addToCell(seams, shared, failing)).toThrow('no');
    addToCell(seams, shared, (_, added) => expect(added).toBe(0));
  });
});
