import { describe, expect, it } from 'vitest';
import { squeezing, windowed } from '../../support/networks/attention.ts';
import { channelsLast, face } from '../../support/networks/boundaries.ts';
import { GraphWriter } from '../../support/networks/graph-writer.ts';
import { compact, esrgan, unshuffled } from '../../support/networks/real-esrgan.ts';
import { hourglass, shrinking } from '../../support/networks/sizes.ts';
import { trunk } from '../../support/networks/trunk.ts';
import { asked, findingsOf } from './examine.ts';

const FLOAT = 1;

describe('what is found out about networks as the community exports them', () => {
  it('repetition and convolutions, as in Real-ESRGAN x4plus', async () => {
    expect(await findingsOf(esrgan())).toMatchObject({
      task: 'upscale',
      scale: 4,
      // Three layers at the source's size, one at twice and two at four times it: 3 + 1/2 + 2/4 pixels.
      receptiveRadius: 4,
      exact: true,
      padding: 'same',
      layout: 'NCHW',
      channels: 3,
      channelOrder: 'RGB',
      multiple: 1,
      input: 'input',
      output: 'output',
      dtype: 'float32',
      range: [0, 1],
      parameters: 2779,
      certain: { scale: 'measured', layout: 'read', channelOrder: 'assumed', parameters: 'read' },
    });
  });

  it('names of dimensions mean nothing', async () => {
    const odd = await findingsOf(esrgan({ dims: ['width', 'N', 'batch', 'batch'] }));
    expect(odd).toMatchObject({ scale: 4, layout: 'NCHW', channels: 3, certain: { layout: 'measured' } });
    expect(odd.fixed).toBeUndefined();
  });

  it.each([64, 128])('one size, %i × %i, and tiles that fit into it', async (side) => {
    expect(await findingsOf(esrgan({ dims: [1, 3, side, side] }))).toMatchObject({
      fixed: [side, side],
      scale: 4,
      receptiveRadius: 4,
      exact: true,
      tile: { cpu: [side - 8, side - 8] },
      certain: { fixed: 'read' },
    });
  });

  it('one size that is not a square is width and height', async () => {
    expect(await findingsOf(esrgan({ dims: [1, 3, 64, 96] }))).toMatchObject({ fixed: [96, 64], scale: 4 });
  });

  it.each([false, true])(
    'four pixels become one, as in x2plus (written as a reshape: %s)',
    async (reshaped) => {
      expect(await findingsOf(unshuffled({ reshaped }))).toMatchObject({
        scale: 2,
        multiple: 2,
        padding: 'same',
        exact: true,
        // Two layers and the first one after at half the size, one at the source's, one at twice it.
        receptiveRadius: 7,
      });
    },
  );

  it('slopes for each channel, as in general-x4v3', async () => {
    const found = await findingsOf(compact());
    expect(found).toMatchObject({ scale: 4, receptiveRadius: 5, exact: true, multiple: 1 });
    expect(found.strength).toBeUndefined();
  });

  it.each([
    ['a scalar', FLOAT, []],
    ['a list', FLOAT, [1]],
    ['a list of a length that is not said', FLOAT, ['n']],
    ['four dimensions', FLOAT, [1, 1, 1, 1]],
    ['a double', 11, []],
  ] as const)('a strength beside the picture: %s', async (_, type, dims) => {
    const found = await findingsOf(castDenoise(type, dims));
    const strength = { input: 'dn', dtype: type === 11 ? 'float64' : 'float32', dims: dims.map(() => 1) };
    expect(found).toMatchObject({ scale: 4, strength: { ...strength, from: 0, to: 1, default: 0.5 } });
    expect(asked(found)).toMatchObject({ strength: 'upwards' });
  });

  it.each([3, 1, 4])('borders that are lost, as in waifu2x, with %i channels', async (channels) => {
    expect(await findingsOf(shrinking({ channels }))).toMatchObject({
      scale: 2,
      channels,
      receptiveRadius: 7,
      padding: 'valid',
      exact: true,
      multiple: 1,
    });
  });

  it('channels last, as TensorFlow has them', async () => {
    expect(await findingsOf(channelsLast())).toMatchObject({
      layout: 'NHWC',
      channels: 3,
      scale: 3,
      receptiveRadius: 4,
    });
    const unsaid = ['unk__617', 'unk__618', 'unk__619', 'unk__620'];
    expect(await findingsOf(channelsLast({ dims: unsaid }))).toMatchObject({
      layout: 'NHWC',
      certain: { layout: 'measured' },
    });
  });

  it.each([
    { window: 8, scale: 2 },
    { window: 7, scale: 3 },
    { window: 16, scale: 4 },
  ])('attention within windows, as in SwinIR and HAT: %o', async ({ window, scale }) => {
    const found = await findingsOf(windowed({ window, scale }));
    expect(found).toMatchObject({ multiple: window, scale, padding: 'same', exact: true });
    // A window's last pixel sees its first one, and a layer beyond it.
    expect(found.receptiveRadius).toBeGreaterThanOrEqual(window);
    expect(found.receptiveRadius).toBeLessThanOrEqual(window + 2);
    expect((found.tile.cpu[0] as number) % window).toBe(0);
  });

  it('windows that the network makes of any size are felt all the same', async () => {
    expect(await findingsOf(windowed({ padded: true }))).toMatchObject({
      multiple: 8,
      scale: 2,
      padding: 'same',
    });
  });

  it('averages over the whole picture', async () => {
    const found = await findingsOf(squeezing());
    expect(found).toMatchObject({ scale: 2, exact: false });
    expect(found.receptiveRadius).toBeGreaterThanOrEqual(32);
    expect(found.receptiveRadius).toBeLessThanOrEqual(64);
    expect(found.notes.join(' ')).toMatch(/the whole of what it is given/);
  });

  it.each([
    { depth: 2, transposed: false, multiple: 4 },
    { depth: 3, transposed: true, multiple: 8 },
  ])('smaller and larger again: %o', async ({ multiple, ...shape }) => {
    expect(await findingsOf(hourglass(shape))).toMatchObject({
      task: 'restore',
      scale: 1,
      multiple,
      exact: true,
    });
  });

  it('faces: one size, −1..1, and a weight', async () => {
    const found = await findingsOf(face());
    expect(found).toMatchObject({
      task: 'face-restore',
      scale: 1,
      fixed: [512, 512],
      range: [-1, 1],
      input: 'x',
      output: 'y',
      strength: { input: 'w', dims: [1], from: 0, to: 1 },
      certain: { range: 'measured', strength: 'measured', task: 'assumed' },
    });
    expect(asked(found)).toEqual({ task: 'face-restore', strength: 'upwards' });
  });

  it('a weight that says how much stays is a strength backwards', async () => {
    expect(await findingsOf(face({ side: 64, backwards: true }))).toMatchObject({
      task: 'restore',
      strength: { from: 1, to: 0 },
      certain: { strength: 'measured' },
    });
  });

  it('a deep network gets the margin that is felt, not the one that is possible', async () => {
    const net = new GraphWriter();
    let value = net.conv('input', [3, 8], { noise: 0.1 });
    for (let layer = 0; layer < 80; layer++) value = net.conv(net.leaky(value), [8, 8], { noise: 0.1 });
    net.conv(net.nearest(value, 2), [8, 3], { output: 'output' });
    const found = await findingsOf(net.file());
    expect(found).toMatchObject({ scale: 2, exact: false });
    expect(found.receptiveRadius).toBeGreaterThan(0);
    expect(found.receptiveRadius).toBeLessThan(81);
  });
});

describe('what exports do not say', () => {
  it('a size that has become part of the network', async () => {
    const net = new GraphWriter();
    const start = trunk(net, 'input');
    const rows = net.add('Reshape', [start, net.integers(1, 8, 64 * 64)]);
    const place = net.floats(
      Array.from({ length: 64 * 64 }, (_, index) => 1 + 0.001 * Math.sin(index)),
      [1, 1, 64 * 64],
    );
    const back = net.add('Reshape', [net.add('Mul', [rows, place]), net.integers(1, 8, 64, 64)]);
    net.conv(net.nearest(back, 2), [8, 3], { output: 'output' });
    expect(await findingsOf(net.file())).toMatchObject({
      fixed: [64, 64],
      scale: 2,
      certain: { fixed: 'measured' },
    });
  });

  it('sizes that are rounded to steps inside', async () => {
    const net = new GraphWriter();
    const half = net.leaky(net.conv('input', [3, 8], { stride: 2 }));
    net.conv(net.nearest(half, 4), [8, 3], { output: 'output' });
    expect(await findingsOf(net.file())).toMatchObject({ scale: 2, multiple: 2, padding: 'same' });
  });

  it('a result that depends on where the picture ends is not exact', async () => {
    const net = new GraphWriter();
    const attributes = { mode: 'linear', coordinate_transformation_mode: 'align_corners' };
    const scales = net.floats([1, 1, 2, 2]);
    net.add('Resize', [trunk(net, 'input', { width: 3 }), '', scales], attributes, 'output');
    const found = await findingsOf(net.file());
    expect(found).toMatchObject({ scale: 2, exact: false });
    // Wider margins make it less.
    expect(found.receptiveRadius).toBeGreaterThanOrEqual(16);
  });

  it('normalisation over the whole picture, and over channels', async () => {
    const whole = new GraphWriter();
    const start = trunk(whole, 'input');
    const normal = whole.add('InstanceNormalization', [
      start,
      whole.floats(Array(8).fill(1)),
      whole.floats(Array(8).fill(0)),
    ]);
    const added = whole.add('Add', [start, whole.scaled(normal, 0.1)]);
    whole.conv(whole.nearest(added, 2), [8, 3], { output: 'output' });
    const found = await findingsOf(whole.file());
    expect(found.exact).toBe(false);
    expect(found.receptiveRadius).toBeGreaterThanOrEqual(32);

    const channels = new GraphWriter();
    const first = trunk(channels, 'input', { layers: 1 });
    const last = channels.add('Transpose', [first], { perm: [0, 2, 3, 1] });
    const layer = channels.add('LayerNormalization', [last, channels.floats(Array(8).fill(1))], { axis: -1 });
    const back = channels.add('Transpose', [layer], { perm: [0, 3, 1, 2] });
    const sum = channels.add('Add', [first, channels.scaled(back, 0.1)]);
    channels.conv(channels.nearest(sum, 2), [8, 3], { output: 'output' });
    expect(await findingsOf(channels.file())).toMatchObject({ exact: true, receptiveRadius: 2 });
  });

  it('an enlargement by transposed convolution, with an upsampled picture added', async () => {
    const net = new GraphWriter();
    const start = trunk(net, 'input', { layers: 2 });
    const weights = net.floats(
      Array.from({ length: 8 * 3 * 16 }, (_, index) => 0.05 * Math.sin(index)),
      [8, 3, 4, 4],
    );
    const attributes = { kernel_shape: [4, 4], strides: [2, 2], pads: [1, 1, 1, 1] };
    const large = net.add('ConvTranspose', [start, weights], attributes);
    const cubic = {
      mode: 'cubic',
      coordinate_transformation_mode: 'half_pixel',
      cubic_coeff_a: { float: -0.75 },
    };
    const base = net.add('Resize', ['input', '', net.floats([1, 1, 2, 2])], cubic);
    net.add('Add', [large, base], {}, 'output');
    expect(await findingsOf(net.file())).toMatchObject({ scale: 2, receptiveRadius: 3, exact: true });
  });

  it('borders that are reflected inside', async () => {
    const net = new GraphWriter();
    const wide = net.add('Pad', ['input', net.integers(0, 0, 2, 2, 0, 0, 2, 2)], { mode: 'reflect' });
    const value = net.conv(net.leaky(net.conv(wide, [3, 8], { pad: 0 })), [8, 8], { pad: 0 });
    net.conv(net.nearest(value, 2), [8, 3], { output: 'output' });
    expect(await findingsOf(net.file())).toMatchObject({
      scale: 2,
      padding: 'same',
      receptiveRadius: 3,
      exact: true,
    });
  });

  it('operators of old versions', async () => {
    const net = new GraphWriter();
    const value = net.conv('input', [3, 3]);
    net.add('Upsample', [value, net.floats([1, 1, 2, 2])], { mode: 'nearest' }, 'output');
    expect(await findingsOf(net.file({ opset: 9 }))).toMatchObject({
      scale: 2,
      receptiveRadius: 1,
      exact: true,
    });
  });
});

function castDenoise(type: number, dims: readonly (number | string)[]): Buffer {
  const more = [['dn', type, dims]] as const;
  return compact({ denoise: true, more });
}
