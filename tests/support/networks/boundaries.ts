import { FLOAT } from '../onnx.ts';
import { type FileParts, GraphWriter } from './graph-writer.ts';
import { trunk } from './trunk.ts';

/** A network in layout NHWC, as converters from TensorFlow write it: transposed at its ends. */
export function channelsLast(parts: FileParts = {}): Buffer {
  const net = new GraphWriter();
  const planes = net.add('Transpose', ['input'], { perm: [0, 3, 1, 2] });
  const value = net.conv(net.nearest(trunk(net, planes), 3), [8, 3]);
  net.add('Transpose', [value], { perm: [0, 2, 3, 1] }, 'output');
  return net.file({ dims: ['unk__617', 'unk__618', 'unk__619', 3], ...parts });
}

/** As networks for faces: one size, −1..1, and a number that says how much of the picture stays. */
export function face({ weight = true, side = 512, backwards = false } = {}): Buffer {
  const net = new GraphWriter();
  const few = net.conv('x', [3, 4], { stride: 1, noise: 0.1 });
  const made = net.add('Tanh', [net.scaled(net.conv(few, [4, 3], { noise: 0.1 }), 0.9)]);
  if (!weight) {
    net.clip(made, [-1, 1], 'y');
    return net.file({ dims: [1, 3, side, side], input: 'x', output: 'y' });
  }
  const [own, other] = backwards ? [made, 'x'] : ['x', made];
  const change = net.add('Sub', [other, own]);
  const weighed = net.add('Mul', [change, 'w']);
  net.clip(net.add('Add', [own, weighed]), [-1, 1], 'y');
  return net.file({ dims: [1, 3, side, side], input: 'x', output: 'y', more: [['w', FLOAT, [1]]] });
}

/** `body` between the conversions of a network whose values lie in 0..255, or in −1..1. */
export function ranged(
  black: number,
  white: number,
  { clipped = true, ...parts }: FileParts & { clipped?: boolean } = {},
): Buffer {
  const net = new GraphWriter();
  const unit = net.scaled(net.plus('input', -black), 1 / (white - black));
  const value = net.conv(net.nearest(trunk(net, unit), 2), [8, 3]);
  const wide = net.plus(net.scaled(value, white - black), black, clipped ? undefined : 'output');
  if (clipped) net.clip(wide, [black, white], 'output');
  return net.file(parts);
}
