import { describe, expect, it } from 'vitest';
import { negativeNetwork, shiftNetwork } from '../../support/foreign-networks.ts';
import { conventions, enlargeForeign } from './foreign-frames.ts';
import { pixelsOf, type sharedFrame, sharedPhoto } from './shared-frames.ts';

type Frame = ReturnType<typeof sharedFrame>;

const [WIDTH, HEIGHT] = [23, 11];

/** Every way in which a network may be given a picture. */
const WAYS = (['NHWC', 'NCHW'] as const).flatMap((layout) =>
  ([1, 3, 4] as const).flatMap((channels) =>
    (['RGB', 'BGR'] as const).flatMap((channelOrder) =>
      (
        [
          ['uint8', [0, 255]],
          ['float32', [0, 1]],
          ['float32', [-1, 1]],
          ['float32', [0, 255]],
        ] as const
      ).map(([dtype, [black, white]]) => ({ layout, channels, channelOrder, dtype, black, white })),
    ),
  ),
);

/** `source` with the colours turned that a network's first channel stands for. */
function turned(
  source: Frame,
  { channels, channelOrder, dtype }: (typeof WAYS)[number],
): Uint8Array | Uint16Array {
  const { data } = pixelsOf(source);
  const white = source.deep ? 65_535 : 255;
  const first = channelOrder === 'RGB' ? 0 : 2;
  return data.map((sample, index) => {
    const seen = source.deep && dtype === 'uint8' ? Math.round(sample / 257) * 257 : sample;
    return channels === 1 || index % 3 === first ? white - seen : seen;
  });
}

describe.each(WAYS)('$layout, $channels channels of $channelOrder in $dtype from $black to $white', (way) => {
  const { layout, channels, channelOrder, dtype, black, white } = way;
  const range: [number, number] = [black, white];

  it.each([false, true])('gives each colour its place (16 bits: %s)', async (deep) => {
    const onnx = negativeNetwork({ dtype, layout, channels, range });
    const source = sharedPhoto(WIDTH, HEIGHT, deep);
    const network = conventions({ layout, channels, channelOrder });
    const result = await enlargeForeign({ onnx, dtype, range, scale: 1, radius: 0, network }, source, 9);
    expect(pixelsOf(result).data).toEqual(turned(source, way));
  });
});

/** A frame whose colours are all the same in each pixel. */
function gray(deep: boolean): Frame {
  const frame = sharedPhoto(WIDTH, HEIGHT, deep);
  const { data } = pixelsOf(frame);
  for (let index = 0; index < data.length; index++) data[index] = data[index - (index % 3)] ?? 0;
  return frame;
}

it.each([false, true])(
  'a gray picture stays gray in a network of one channel (16 bits: %s)',
  async (deep) => {
    const onnx = shiftNetwork({ channels: 1, radius: 2, shift: [2, 1], scale: 2 });
    const network = conventions({ channels: 1 });
    const { data } = pixelsOf(await enlargeForeign({ onnx, scale: 2, radius: 2, network }, gray(deep), 8));
    expect(new Set(data).size).toBeGreaterThan(10);
    for (let index = 0; index < data.length; index += 3) {
      expect([data[index + 1], data[index + 2]]).toEqual([data[index], data[index]]);
    }
  },
);

it('values beyond the range are clipped', async () => {
  const source = sharedPhoto(WIDTH, HEIGHT, false);
  const onnx = shiftNetwork({ strength: { dtype: 'float32', dims: [] } });
  const input = { input: 'strength', dtype: 'float32' as const, dims: [], from: -1, to: 4, default: 0 };
  const of = async (strength: number) => {
    const foreign = { onnx, scale: 1, radius: 0, network: conventions({ strength: input }), strength };
    return [...pixelsOf(await enlargeForeign(foreign, source, 30)).data];
  };
  const samples = [...pixelsOf(source).data];
  expect(await of(0)).toEqual(samples.map(() => 0));
  expect(await of(1)).toEqual(samples.map((sample) => Math.min(255, 4 * sample)));
});

it('values that are no numbers fail the tile: they would be black', async () => {
  const onnx = shiftNetwork({ strength: { dtype: 'float32', dims: [] } });
  const input = { input: 'strength', dtype: 'float32' as const, dims: [], from: 0, to: 1e39, default: 1 };
  const foreign = { onnx, scale: 1, radius: 0, network: conventions({ strength: input }) };
  const made = enlargeForeign(foreign, sharedPhoto(WIDTH, HEIGHT, false), 30);
  await expect(made).rejects.toMatchObject({
    code: 'inference-failed',
    message: expect.stringMatching(/no numbers/),
  });
});

describe('a strength', () => {
  const SHAPES = [
    { dtype: 'float32', dims: [] },
    { dtype: 'float32', dims: [1] },
    { dtype: 'float64', dims: [1, 1] },
    { dtype: 'float64', dims: [] },
  ] as const;

  it.each(SHAPES)('of $dtype and shape $dims is given beside the picture', async ({ dtype, dims }) => {
    const source = sharedPhoto(WIDTH, HEIGHT, true);
    const onnx = shiftNetwork({ strength: { dtype, dims: [...dims] } });
    const ones = dims.map(() => 1 as const);
    const input = { input: 'strength', dtype, dims: ones, from: 0, to: 0.5, default: 1 };
    const of = async (strength?: number) => {
      const foreign = { onnx, scale: 1, radius: 0, network: conventions({ strength: input }) };
      return [...pixelsOf(await enlargeForeign({ ...foreign, strength }, source, 30)).data];
    };
    const samples = [...pixelsOf(source).data];
    expect(await of(0)).toEqual(samples.map(() => 0));
    const half = samples.map((sample) => Math.round(sample / 2));
    expect(differs(await of(), half)).toBeLessThanOrEqual(1);
    const quarter = samples.map((sample) => Math.round(sample / 4));
    expect(differs(await of(0.5), quarter)).toBeLessThanOrEqual(1);
  });
});

describe('outputs and inputs', () => {
  const source = sharedPhoto(WIDTH, HEIGHT, false);
  const onnx = shiftNetwork({ noise: true });
  const foreign = { onnx, scale: 1, radius: 0 };

  it.each([{}, { input: 'in', output: 'out' }])('that are pictures are found (named: %o)', async (names) => {
    const result = await enlargeForeign({ ...foreign, network: conventions(names) }, source, 30);
    expect(pixelsOf(result).data).toEqual(pixelsOf(source).data);
  });

  it.each([
    [{ output: 'noise' }, 'model-invalid', /None of the network's outputs \(noise\) is a picture/],
    [{ input: 'image' }, 'inference-failed', /The network failed on a tile: input 'in' is missing/],
    [{ output: 'result' }, 'inference-failed', /The network failed on a tile: .*result/],
  ])('of another name are refused (%o)', async (names, code, message) => {
    const enlarging = enlargeForeign({ ...foreign, network: conventions(names) }, source, 30);
    await expect(enlarging).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });
});

function differs(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, index) => Math.abs(value - (b[index] ?? 0))));
}
