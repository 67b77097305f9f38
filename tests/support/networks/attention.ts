import { GraphWriter } from './graph-writer.ts';
import { trunk } from './trunk.ts';

interface Windowed {
  window?: number;
  /** Pads to whole windows inside, and crops. */
  padded?: boolean;
  scale?: number;
}

/** As SwinIR and HAT: attention within windows. */
export function windowed({ window = 8, padded = false, scale = 2 }: Windowed = {}): Buffer {
  const net = new GraphWriter();
  const width = 8;
  const input = padded ? padToWindows(net, 'input', window) : 'input';
  const start = net.conv(input, [3, width]);
  const one = net.integers(1);
  const side = net.integers(window);
  const count = (axis: number) => net.add('Div', [net.dimension(start, axis), side]);
  const [rows, columns] = [count(2), count(3)];
  const channels = net.integers(width);
  const cut = net.add('Concat', [one, channels, rows, side, columns, side], { axis: 0 });
  const turned = net.add('Transpose', [net.add('Reshape', [start, cut])], { perm: [0, 2, 4, 3, 5, 1] });
  const windows = net.add('Reshape', [turned, net.integers(-1, window * window, width)]);
  const attended = attention(net, windows, width);
  const shape = net.add('Concat', [one, rows, columns, side, side, channels], { axis: 0 });
  const back = net.add('Transpose', [net.add('Reshape', [attended, shape])], { perm: [0, 5, 1, 3, 2, 4] });
  const whole = net.add('Concat', [one, channels, net.dimension(start, 2), net.dimension(start, 3)], {
    axis: 0,
  });
  const value = net.add('Add', [start, net.scaled(net.add('Reshape', [back, whole]), 0.1)]);
  const planes = net.conv(value, [width, 3 * scale * scale], { pass: 0, noise: 0.05 });
  const sum = net.add('Add', [net.shuffle(planes, scale), net.nearest(input, scale)]);
  if (!padded) {
    net.add('Identity', [sum], {}, 'output');
    return net.file();
  }
  const factor = net.integers(scale);
  const end = (axis: number) => net.add('Mul', [net.dimension('input', axis), factor]);
  const ends = net.add('Concat', [end(2), end(3)], { axis: 0 });
  net.add('Slice', [sum, net.integers(0, 0), ends, net.integers(2, 3)], {}, 'output');
  return net.file();
}

/** Reflected at right and bottom to whole windows. */
function padToWindows(net: GraphWriter, input: string, window: number): string {
  const side = net.integers(window);
  const missing = (axis: number) => {
    const over = net.add('Mod', [net.dimension(input, axis), side]);
    return net.add('Mod', [net.add('Sub', [side, over]), side]);
  };
  const pads = net.add('Concat', [net.integers(0, 0, 0, 0, 0, 0), missing(2), missing(3)], { axis: 0 });
  return net.add('Pad', [input, pads], { mode: 'reflect' });
}

/** Self-attention of one head over rows of `width` numbers, with layer normalisation in single operators. */
function attention(net: GraphWriter, rows: string, width: number): string {
  const mean = net.add('ReduceMean', [rows], { axes: [-1], keepdims: 1 });
  const centred = net.add('Sub', [rows, mean]);
  const variance = net.add('ReduceMean', [net.add('Mul', [centred, centred])], { axes: [-1], keepdims: 1 });
  const normal = net.add('Div', [centred, net.add('Sqrt', [net.plus(variance, 1e-5)])]);
  const weights = () => {
    const values = Array.from({ length: width * width }, (_, index) => Math.sin(3 * index + 1) / 2);
    return net.floats(values, [width, width]);
  };
  const [query, key, content] = [0, 1, 2].map(() => net.add('MatMul', [normal, weights()])) as [
    string,
    string,
    string,
  ];
  const scores = net.add('MatMul', [query, net.add('Transpose', [key], { perm: [0, 2, 1] })]);
  return net.add('MatMul', [net.add('Softmax', [scores], { axis: -1 }), content]);
}

/** A network with attention to channels: averages over the whole picture decide. */
export function squeezing(): Buffer {
  const net = new GraphWriter();
  const start = trunk(net, 'input');
  const all = net.add('GlobalAveragePool', [start]);
  const gates = net.add('Sigmoid', [net.conv(all, [8, 8], { side: 1, noise: 8, pass: 0 })]);
  const gated = net.add('Mul', [start, gates]);
  const planes = net.conv(gated, [8, 12], { pass: 0, noise: 1 });
  net.add('Add', [net.shuffle(planes, 2), net.nearest('input', 2)], {}, 'output');
  return net.file();
}
