import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NetworkConventions } from '../../src/shared/network.ts';
import {
  blendedTile,
  blendWithin,
  fittingTile,
  halvedTile,
  inputArea,
  inputFor,
  outputOffset,
  outputSize,
  tileIn,
  tileWithin,
} from '../../src/shared/network-geometry.ts';

function conventions(change: Partial<NetworkConventions> = {}): NetworkConventions {
  return { layout: 'NCHW', channels: 3, channelOrder: 'RGB', trim: 0, multiple: 1, ...change };
}

const TILE = { x: 40, y: 24, width: 30, height: 17 };

describe('the input for a tile', () => {
  it('is the tile with the radius around it', () => {
    const area = { x: 28, y: 12, width: 54, height: 41 };
    expect(inputArea(TILE, { scale: 2, radius: 12 })).toEqual(area);
    expect(outputSize(area, { scale: 2, radius: 12 })).toEqual({ width: 60, height: 34 });
    expect(outputOffset({ scale: 2, radius: 12 })).toBe(0);
  });

  it('begins and ends at multiples where the network wants them', () => {
    const geometry = { scale: 2, radius: 5, network: conventions({ multiple: 8, trim: 10 }) };
    expect(inputArea(TILE, geometry)).toEqual({ x: 32, y: 16, width: 48, height: 40 });
    expect(outputOffset(geometry)).toBe(6);
  });

  it('is always of the size that is the only one', () => {
    const geometry = { scale: 3, radius: 4, network: conventions({ fixed: [128, 64] }) };
    const area = inputArea(TILE, geometry);
    expect(area).toEqual({ x: 36, y: 20, width: 128, height: 64 });
    expect(outputSize(area, geometry)).toEqual({ width: 384, height: 192 });
    expect(outputOffset(geometry)).toBe(12);
  });

  it('is of one shape for all tiles where that is wanted', () => {
    const geometry = { scale: 2, radius: 5, network: conventions({ multiple: 8, trim: 10 }) };
    const input = inputFor({ width: 64, height: 32 }, geometry);
    expect(input).toEqual({ width: 80, height: 48 });
    expect(tileIn(input, geometry)).toEqual({ width: 64, height: 32 });
    expect(inputArea(TILE, { ...geometry, input })).toEqual({ x: 32, y: 16, ...input });
    expect(inputFor({ width: 20, height: 20 }, { ...geometry, input })).toEqual({ width: 40, height: 40 });
  });

  it('has the tile and its radius in it, and of the output the tile', () => {
    const numbers = fc.record({
      radius: fc.nat(40),
      multiple: fc.integer({ min: 1, max: 16 }),
      scale: fc.integer({ min: 1, max: 8 }),
      trimmed: fc.double({ min: 0, max: 1, noNaN: true }),
      width: fc.integer({ min: 1, max: 100 }),
    });
    fc.assert(
      fc.property(numbers, ({ radius, multiple, scale, trimmed, width }) => {
        const trim = Math.floor(trimmed * radius * scale);
        const geometry = { scale, radius, network: conventions({ multiple, trim }) };
        const area = inputArea({ x: 3 * multiple, y: 0, width, height: 1 }, geometry);
        expect([area.x, area.width].every((length) => Number.isInteger(length / multiple))).toBe(true);
        expect(area.x).toBeLessThanOrEqual(3 * multiple - radius);
        expect(area.x + area.width).toBeGreaterThanOrEqual(3 * multiple + width + radius);
        const offset = outputOffset(geometry);
        expect(offset).toBeGreaterThanOrEqual(0);
        expect(offset + width * scale).toBeLessThanOrEqual(outputSize(area, geometry).width);
      }),
    );
  });
});

describe('fittingTile', () => {
  const wished = { width: 100, height: 60 };

  it.each<[string, NetworkConventions | undefined, [number, number]]>([
    ['what is wished of a network like ours', undefined, [100, 60]],
    ['whole multiples', conventions({ multiple: 16 }), [96, 48]],
    ['at least one multiple', conventions({ multiple: 64 }), [64, 64]],
    ['all that a fixed input has room for', conventions({ fixed: [64, 256] }), [44, 236]],
    ['whole multiples in a fixed input', conventions({ fixed: [64, 256], multiple: 8 }), [32, 224]],
  ])('is %s', (_, network, [width, height]) => {
    expect(fittingTile(wished, 10, network)).toEqual({ width, height });
  });

  it('there is none for a network that looks farther than its input goes', () => {
    expect(() => fittingTile(wished, 10, conventions({ fixed: [64, 20] }))).toThrow(
      'The network takes 64×20 pixels and looks at 10 around each: that leaves no room for a picture.',
    );
  });
});

describe('a tile that is blended with its neighbours', () => {
  it('reaches a sixteenth of its side into each, no less than 4 pixels, and no farther than a quarter', () => {
    const reach = (width: number, height = width, most?: number) => blendWithin({ width, height }, most);
    expect([reach(512), reach(256), reach(250, 400), reach(32)]).toEqual([32, 16, 16, 4]);
    expect([reach(12), reach(3), reach(256, 256, 5)]).toEqual([3, 0, 5]);
  });

  it.each<[string, { radius: number; network?: NetworkConventions }, [number, number, number], number]>([
    [
      'is given no more than others where its margin is wide',
      { radius: 32, network: conventions() },
      [96, 96, 6],
      32,
    ],
    ['is given more where that is narrow', { radius: 2, network: conventions() }, [96, 96, 6], 7],
    ['is given more where all of that is left out', { radius: 32 }, [96, 96, 6], 38],
    [
      'is as large as others in a fixed input',
      { radius: 16, network: conventions({ fixed: [64, 64], multiple: 8 }) },
      [32, 32, 4],
      16,
    ],
    [
      'is smaller there where all of the margin is left out',
      { radius: 8, network: conventions({ fixed: [64, 64], trim: 16 }) },
      [40, 40, 4],
      12,
    ],
    [
      'overlaps less where there is no room',
      { radius: 4, network: conventions({ fixed: [16, 16], trim: 8 }) },
      [6, 6, 1],
      5,
    ],
  ])('%s', (_, change, [width, height, blend], margin) => {
    const geometry = { scale: 2, ...change };
    const found = blendedTile({ width: 96, height: 96 }, geometry);
    expect(found).toEqual({ tile: { width, height }, blend });
    const area = inputArea({ x: 0, y: 0, ...found.tile }, { ...geometry, blend });
    expect([area.x, area.width]).toEqual([-margin, width + 2 * margin]);
  });

  it('only borders on them where the input has room for nothing more', () => {
    const network = conventions({ fixed: [32, 32], multiple: 16, trim: 16 });
    expect(() => blendedTile({ width: 96, height: 96 }, { scale: 1, radius: 16, network })).toThrow(
      'leaves no room for a picture',
    );
    const narrow = conventions({ fixed: [48, 48], multiple: 16, trim: 16 });
    const found = blendedTile({ width: 96, height: 96 }, { scale: 1, radius: 16, network: narrow });
    expect(found).toEqual({ tile: { width: 16, height: 16 }, blend: 0 });
  });

  it('has a result for all that it reaches', () => {
    const numbers = fc.record({
      radius: fc.nat(40),
      multiple: fc.integer({ min: 1, max: 16 }),
      scale: fc.integer({ min: 1, max: 8 }),
      trimmed: fc.double({ min: 0, max: 1, noNaN: true }),
      wished: fc.integer({ min: 1, max: 100 }),
      fixed: fc.option(fc.integer({ min: 90, max: 200 })),
    });
    fc.assert(
      fc.property(numbers, ({ radius, multiple, scale, trimmed, wished, fixed }) => {
        const trim = Math.floor(trimmed * radius * scale);
        const network = conventions({ multiple, trim, ...(fixed ? { fixed: [fixed, fixed] } : {}) });
        fc.pre(fixed === null || fixed >= 2 * Math.ceil(radius / multiple) * multiple + multiple);
        const { tile, blend } = blendedTile({ width: wished, height: wished }, { scale, radius, network });
        const geometry = { scale, radius, network, blend };
        const offset = outputOffset(geometry);
        const output = outputSize(inputArea({ x: 0, y: 0, ...tile }, geometry), geometry);
        expect(offset).toBeGreaterThanOrEqual(blend * scale);
        expect(offset + (tile.width + blend) * scale).toBeLessThanOrEqual(output.width);
        expect(4 * blend).toBeLessThanOrEqual(tile.width);
      }),
    );
  });
});

describe('a tile is halved', () => {
  it.each([
    ['across the longer side', [64, 32], undefined, [32, 32]],
    ['an odd one', [16, 33], undefined, [16, 17]],
    ['at a multiple', [40, 40], conventions({ multiple: 8 }), [24, 40]],
  ] as const)('%s', (_, [width, height], network, expected) => {
    const half = halvedTile({ width, height }, network);
    expect([half?.width, half?.height]).toEqual(expected);
  });

  it.each([
    ['one that is small already', 31, undefined],
    ['one of the network’s own size', 512, conventions({ fixed: [512, 512] })],
    ['one of a single step', 64, conventions({ multiple: 64 })],
  ])('but not %s', (_, side, network) => {
    const tile = { width: side, height: side };
    expect(halvedTile(tile, network)).toBeUndefined();
    expect(tileWithin(tile, 1, network)).toBe(tile);
  });

  it('until it has few enough pixels, or can be halved no more', () => {
    const tile = { width: 128, height: 96 };
    expect(tileWithin(tile, 128 * 96)).toBe(tile);
    expect(tileWithin(tile, 128 * 96 - 1)).toEqual({ width: 64, height: 96 });
    expect(tileWithin(tile, 2000)).toEqual({ width: 32, height: 48 });
    expect(tileWithin(tile, 1)).toEqual({ width: 16, height: 24 });
  });
});
