import { describe, expect, it } from 'vitest';
import { inferenceService } from '../../../src/engine/inference/inference-service.ts';
import type { ShiftNetwork } from '../../support/foreign-networks.ts';
import { shiftNetwork } from '../../support/foreign-networks.ts';
import { conventions, enlargeForeign, type Foreign, shiftedBy } from './foreign-frames.ts';
import { pixelsOf, sharedPhoto } from './shared-frames.ts';

/** Sides of tiles: all of the pictures in one, and several. */
const SIDES = [200, 32, 20, 7];

interface Case extends Omit<Foreign, 'onnx'> {
  made: ShiftNetwork;
}

const CASES: Record<string, Case> = {
  'pads by itself': {
    scale: 2,
    radius: 5,
    made: { scale: 2, radius: 5, shift: [5, -5] },
    network: conventions(),
  },
  'pads nothing, enlarges twice and leaves out 14': {
    ...{ scale: 2, radius: 7, made: { scale: 2, radius: 7, shift: [-7, 7], pad: 0 } },
    network: conventions({ trim: 14 }),
  },
  'pads a part': {
    ...{ scale: 3, radius: 4, made: { scale: 3, radius: 4, shift: [4, 4], pad: 3 } },
    network: conventions({ trim: 3 }),
  },
  'looks at nothing around': { scale: 1, radius: 0, made: {}, network: conventions() },
  'keeps the size': { scale: 1, radius: 3, made: { radius: 3, shift: [-3, -3] }, network: conventions() },
  'enlarges three times': {
    scale: 3,
    radius: 1,
    made: { scale: 3, radius: 1, shift: [1, 0] },
    network: conventions(),
  },
  'enlarges eight times': {
    scale: 8,
    radius: 1,
    made: { scale: 8, radius: 1, shift: [0, 1] },
    network: conventions(),
  },
  'is interleaved bytes that pad': {
    ...{ scale: 2, radius: 3, dtype: 'uint8', network: conventions({ layout: 'NHWC' }) },
    made: { dtype: 'uint8', layout: 'NHWC', scale: 2, radius: 3, shift: [3, -3] },
  },
  'works on squares of 2': {
    ...{ scale: 2, radius: 2, network: conventions({ multiple: 2 }) },
    made: { scale: 2, radius: 1, shift: [1, -1], square: 2 },
  },
  'works on squares of 4, its radius no multiple': {
    ...{ scale: 1, radius: 9, network: conventions({ multiple: 4 }) },
    made: { radius: 2, shift: [-2, 2], square: 4 },
  },
  'takes 64×64 only': {
    ...{ scale: 2, radius: 6, network: conventions({ fixed: [64, 64] }) },
    made: { scale: 2, radius: 6, shift: [6, 6], fixed: [64, 64] },
  },
  'takes 48×32 only, pads nothing and works on squares of 4': {
    ...{ scale: 1, radius: 4, network: conventions({ fixed: [48, 32], multiple: 4, trim: 4 }) },
    made: { radius: 1, shift: [1, 1], pad: 0, square: 4, fixed: [48, 32] },
  },
};

describe.each(Object.entries(CASES))('a network that %s', (_, { made, ...foreign }) => {
  const onnx = shiftNetwork(made);
  const { scale, square, shift = [0, 0] } = made;

  it.each([false, true])('sees the same in tiles of any size (16 bits: %s)', async (deep) => {
    // As many levels as a float has room for are left of 16 bits in a network of bytes.
    const source = sharedPhoto(61, 47, deep && foreign.dtype !== 'uint8');
    const expected = pixelsOf(shiftedBy(source, shift, { scale, square })).data;
    for (const side of SIDES) {
      const result = await enlargeForeign({ onnx, ...foreign }, source, side);
      expect(pixelsOf(result).data, `tiles of ${side}`).toEqual(expected);
    }
  });

  it.each([
    [1, 1],
    [2, 5],
    [13, 3],
  ])('takes pictures of %i×%i', async (width, height) => {
    const source = sharedPhoto(width, height, false);
    const expected = pixelsOf(shiftedBy(source, shift, { scale, square })).data;
    expect(pixelsOf(await enlargeForeign({ onnx, ...foreign }, source, 32)).data).toEqual(expected);
  });
});

it('two networks of one size are compared tile by tile, each in its own range', async () => {
  const candidate = (range: [number, number], made: ShiftNetwork) => {
    const bytes = shiftNetwork({ ...made, fixed: [64, 64] });
    const model = new SharedArrayBuffer(bytes.length);
    new Uint8Array(model).set(bytes);
    const spec = { modelId: 'foreign', variant: 'fp32', dtype: 'float32', file: 'foreign.onnx' } as const;
    return { model, spec: { ...spec, sha256: `${range}`, range, provider: 'cpu', threads: 1 } as const };
  };
  const network = { scale: 1, radius: 4, network: conventions({ fixed: [64, 64] }) };
  const moved = candidate([0, 1], { radius: 4, shift: [4, 4] });
  const service = inferenceService();
  const same = { reference: moved, candidate: candidate([-1, 1], { radius: 4, shift: [4, 4] }), network };
  expect(await service.compare(same)).toMatchObject({ psnr: 99 });
  const other = { reference: moved, candidate: candidate([0, 1], { radius: 4 }), network };
  expect((await service.compare(other)).psnr).toBeLessThan(30);
});

it('the comparison notices a network whose reach is larger than its radius', async () => {
  const onnx = shiftNetwork({ radius: 5, shift: [5, 5] });
  const source = sharedPhoto(61, 47, false);
  const result = await enlargeForeign({ onnx, scale: 1, radius: 4, network: conventions() }, source, 20);
  expect(pixelsOf(result).data).not.toEqual(pixelsOf(shiftedBy(source, [5, 5])).data);
});

describe('a manifest that does not describe its network', () => {
  const source = sharedPhoto(20, 20, false);
  const onnx = shiftNetwork({ radius: 4, pad: 0 });

  it.each([
    ['leaves out more than it looks at', { trim: 5 }, /A tile of 20×20 pixels is not within what .* 28×28/],
    [
      'leaves out less than it does',
      { trim: 3 },
      /out has \d+ values of Float32Array, where \d+ of Float32Array/,
    ],
    [
      'has no room for a tile',
      { fixed: [8, 8] as [number, number] },
      /takes 8×8 pixels and looks at 4 around/,
    ],
  ])('%s', async (_, change, message) => {
    const network = conventions({ trim: 4, ...change });
    await expect(enlargeForeign({ onnx, scale: 1, radius: 4, network }, source, 20)).rejects.toMatchObject({
      code: 'model-invalid',
      message: expect.stringMatching(message),
    });
  });
});
