import { GraphWriter } from './graph-writer.ts';
import { trunk } from './trunk.ts';

/** As waifu2x: convolutions without borders, and a transposed one that enlarges. Seven source pixels are lost. */
export function shrinking({ channels = 3 } = {}): Buffer {
  const net = new GraphWriter();
  let value = 'input';
  for (let layer = 0; layer < 7; layer++) {
    const from = layer === 0 ? channels : 8;
    value = net.leaky(net.conv(value, [from, 8], { pad: 0, pass: channels, noise: 0.2 }));
  }
  // Repeated, and the wanted channels kept.
  value = net.nearest(value, 2);
  net.conv(value, [8, channels], { side: 1, pass: channels, output: 'output' });
  return net.file({ dims: ['batch_size', channels, 'h', 'w'] });
}

/** Smaller by half and larger again: sizes are multiples of `2 ** depth`; `transposed`: enlarged by transposed convolutions. */
export function hourglass({ depth = 2, transposed = false } = {}): Buffer {
  const net = new GraphWriter();
  const levels = [trunk(net, 'input', { layers: 1 })];
  for (let level = 0; level < depth; level++)
    levels.push(net.leaky(net.conv(levels[level] as string, [8, 8], { stride: 2 })));
  let value = levels[depth] as string;
  for (let level = depth - 1; level >= 0; level--) {
    value = transposed ? transposedConv(net, value) : net.nearest(value, 2);
    value = net.add('Concat', [levels[level] as string, net.scaled(value, 0.1)], { axis: 1 });
    value = net.conv(value, [16, 8]);
  }
  net.conv(value, [8, 3], { output: 'output' });
  return net.file();
}

function transposedConv(net: GraphWriter, input: string): string {
  const weights = net.floats(
    Array.from({ length: 8 * 8 * 4 }, (_, index) => Math.sin(index) / 8),
    [8, 8, 2, 2],
  );
  return net.add('ConvTranspose', [input, weights], { kernel_shape: [2, 2], strides: [2, 2] });
}
