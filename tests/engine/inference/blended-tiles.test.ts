import { describe, expect, it } from 'vitest';
import type { SharedFrame } from '../../../src/engine/inference/tile-runner.ts';
import { blendedTile } from '../../../src/shared/network-geometry.ts';
import { planTiles } from '../../../src/shared/tiles.ts';
import { type ShiftNetwork, shiftNetwork } from '../../support/foreign-networks.ts';
import { squeezing, windowed } from '../../support/networks/attention.ts';
import { alignedCorners } from '../../support/networks/corners.ts';
import { largestDifference } from '../../support/pixels.ts';
import { enlargeBlended } from './blended-frames.ts';
import { conventions, type Foreign, shiftedBy } from './foreign-frames.ts';
import { greedyNetwork } from './greedy-network.ts';
import { pixelsOf, sharedFrame, sharedPhoto } from './shared-frames.ts';

/** Of sixteen bits in one of eight. */
const LEVEL = 257;
const [WIDTH, HEIGHT] = [131, 97];
const SIDE = 32;
/** Source pixels at the ends of a picture where its reflection makes edges. */
const EDGE = 8;

interface Case extends Omit<Foreign, 'onnx'> {
  made: ShiftNetwork;
}

/** Networks whose tiles agree, although nobody says so: what is blended must be what they are. */
const AGREEING: Record<string, Case> = {
  'hands its input on': { scale: 1, radius: 0, made: {}, network: conventions() },
  'is bytes': {
    ...{ scale: 2, radius: 4, dtype: 'uint8', network: conventions({ layout: 'NHWC' }) },
    made: { dtype: 'uint8', layout: 'NHWC', scale: 2, radius: 2, shift: [2, -2] },
  },
  'is bytes as those that ship': {
    ...{ scale: 2, radius: 3, dtype: 'uint8' },
    made: { dtype: 'uint8', layout: 'NHWC', scale: 2, radius: 3, shift: [3, -3], pad: 0 },
  },
  'has one channel': {
    ...{ scale: 3, radius: 4, network: conventions({ channels: 1 }) },
    made: { channels: 1, scale: 3, radius: 2, shift: [1, 2] },
  },
  'has transparency': {
    ...{ scale: 1, radius: 2, network: conventions({ channels: 4, channelOrder: 'BGR' }) },
    made: { channels: 4, radius: 1, shift: [-1, 1] },
  },
  'enlarges eight times': {
    ...{ scale: 8, radius: 2, network: conventions() },
    made: { scale: 8, radius: 1, shift: [0, 1] },
  },
  'pads nothing and works on squares of 4': {
    ...{ scale: 1, radius: 4, network: conventions({ multiple: 4, trim: 4 }) },
    made: { radius: 1, shift: [1, 1], pad: 0, square: 4 },
  },
  'takes 64×48 only and works on squares of 2': {
    ...{ scale: 2, radius: 8, network: conventions({ fixed: [64, 48], multiple: 2 }) },
    made: { scale: 2, radius: 1, shift: [-1, 1], square: 2, fixed: [64, 48] },
  },
};

/** Networks whose tiles do not agree, whatever their margin. */
const DISAGREEING: Record<string, Foreign> = {
  'averages over a whole tile': { onnx: squeezing(), scale: 2, radius: 16, network: conventions() },
  'looks at a window of a fixed size': {
    ...{ onnx: windowed({ window: 64 }), scale: 2, radius: 8 },
    network: conventions({ fixed: [64, 64] }),
  },
  'enlarges with aligned corners': { onnx: alignedCorners(), scale: 2, radius: 4, network: conventions() },
};

/** Sixteen bits of slopes and slow waves: nothing in it is as sudden as a seam. */
function slopes(): SharedFrame {
  const frame = sharedFrame(WIDTH, HEIGHT, true);
  const { data } = pixelsOf(frame);
  for (let index = 0; index < data.length; index++) {
    const [x, y] = [Math.floor(index / 3) % WIDTH, Math.floor(index / 3 / WIDTH)];
    const wave = 0.3 * Math.sin(x / 20 + (index % 3)) * Math.cos(y / 20);
    data[index] = 65_535 * (0.5 + 0.3 * (x / WIDTH - 0.5) + 0.09 * (y / HEIGHT - 0.5) + wave);
  }
  return frame;
}

type Places = (place: number, axis: 'x' | 'y') => boolean;

/**
 * In levels: the largest step at `places`, of the source, beyond what the picture does around it. Of pixels that are `scale`
 * apart: what a network makes of one pixel may differ within it, everywhere in the same way.
 */
function largestStep(result: SharedFrame, scale: number, places: Places): number {
  const { data, width, height } = pixelsOf(result);
  let largest = 0;
  const look = (at: (by: number) => number) => {
    const [a, b, c, d] = [-2, -1, 0, 1].map((by) => at(by * scale)) as [number, number, number, number];
    largest = Math.max(largest, Math.abs(c - b - (b - a + d - c) / 2) / LEVEL);
  };
  const edge = EDGE * scale;
  for (let y = edge; y < height - edge; y++) {
    for (let x = edge; x < width - edge; x++) {
      const across = places(Math.floor(x / scale), 'x');
      const down = places(Math.floor(y / scale), 'y');
      for (let colour = 0; colour < 3; colour++) {
        if (across) look((by) => data[(y * width + x + by) * 3 + colour] ?? 0);
        if (down) look((by) => data[((y + by) * width + x) * 3 + colour] ?? 0);
      }
    }
  }
  return largest;
}

describe.each(Object.entries(AGREEING))('a network that %s', (_, { made, ...foreign }) => {
  const onnx = shiftNetwork(made);
  const { scale, square, shift = [0, 0] } = made;

  it.each([
    [61, 47, false],
    [61, 47, true],
    [33, 8, false],
    [3, 70, false],
    [5, 4, true],
  ])('gives %i×%i pixels (16 bits: %s) without a trace of its tiles', async (width, height, deep) => {
    // As many levels as a float has room for are left of 16 bits in a network of bytes.
    const source = sharedPhoto(width, height, deep && foreign.dtype !== 'uint8');
    const expected = pixelsOf(shiftedBy(source, shift, { scale, square })).data;
    for (const side of [24, 16, 8]) {
      const result = await enlargeBlended({ onnx, ...foreign }, source, side);
      expect(pixelsOf(result).data, `tiles of ${side}`).toEqual(expected);
    }
  });
});

describe.each(Object.entries(DISAGREEING))('a network that %s', (_, foreign) => {
  const { tile } = blendedTile({ width: SIDE, height: SIDE }, foreign);
  const tiles = planTiles(WIDTH, HEIGHT, tile, foreign.network?.multiple);
  const borders = { x: tiles.map(({ x }) => x), y: tiles.map(({ y }) => y) };
  const atBorders: Places = (place, axis) => borders[axis].includes(place);
  const elsewhere: Places = (place, axis) => borders[axis].every((border) => Math.abs(border - place) > 2);

  it('has steps of more than a level at the borders of its tiles, and none once they are blended', async () => {
    const source = slopes();
    const seam = async (blended: boolean) => {
      const result = await enlargeBlended(foreign, source, SIDE, { blended });
      return largestStep(result, foreign.scale, atBorders) - largestStep(result, foreign.scale, elsewhere);
    };
    expect(await seam(false)).toBeGreaterThan(1);
    expect(await seam(true)).toBeLessThan(0.1);
  });

  it('gives the same bytes in whatever order its tiles are done', async () => {
    for (const deep of [false, true]) {
      const source = sharedPhoto(61, 47, deep);
      const expected = pixelsOf(await enlargeBlended(foreign, source, 16, { seed: 1 })).data;
      for (const seed of [2, 3]) {
        const { data } = pixelsOf(await enlargeBlended(foreign, source, 16, { seed }));
        expect(data, `order ${seed}`).toEqual(expected);
      }
    }
  });
});

describe('a tile that memory is too short for', () => {
  it('is put together of parts', async () => {
    const network = { scale: 1, radius: 0, onnx: greedyNetwork() };
    const source = sharedPhoto(150, 90, false);
    const whole = await enlargeBlended(network, source, 32);
    expect(pixelsOf(whole).data).toEqual(pixelsOf(source).data);
    // In tiles of 75×90 and more, which are halved more than once.
    const parts = await enlargeBlended(network, source, 128);
    expect(pixelsOf(parts).data).toEqual(pixelsOf(source).data);
  });

  it('has parts that are blended as tiles are', async () => {
    const foreign = { onnx: alignedCorners(), scale: 2, radius: 4, network: conventions() };
    const source = slopes();
    const parts = await enlargeBlended(foreign, source, 64, { tilePixels: 700 });
    const tiles = await enlargeBlended(foreign, source, 64);
    // They are other ones, and none of their borders shows.
    expect(largestDifference(pixelsOf(parts), pixelsOf(tiles))).toBeGreaterThan(0);
    expect(largestStep(parts, 2, () => true)).toBeLessThan(0.5);
  });
});
