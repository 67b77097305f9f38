import { compactNetwork, denseNetwork, NetworkWriter } from '../tests/engine/quantisation/networks.ts';
import { intAttribute } from '../tests/support/onnx.ts';

/** Networks of the shapes that people publish most, and of their width, with random weights; the deep ones have fewer blocks. */
export const COMMUNITY_SHAPES: readonly { name: string; file: () => Buffer }[] = [
  { name: 'x4plus-like', file: () => denseNetwork({ width: 64, growth: 32, blocks: 3 }) },
  { name: 'x2plus-like', file: () => unshuffledNetwork({ width: 64, growth: 32, blocks: 3 }) },
  { name: 'general-x4v3-like', file: () => compactNetwork({ width: 64, layers: 32 }) },
];

interface Dense {
  width: number;
  growth: number;
  blocks: number;
}

/** As Real-ESRGAN x2plus: four pixels become one, residual dense blocks, and enlarging twice by repetition, ×2. */
function unshuffledNetwork({ width, growth, blocks }: Dense): Buffer {
  const net = new NetworkWriter(15);
  const four = net.add('SpaceToDepth', ['input'], [intAttribute('blocksize', 2)]);
  const trunk = net.conv(four, [12, width]);
  let value = trunk;
  for (let block = 0; block < 3 * blocks; block++) {
    let seen = value;
    for (let step = 0; step < 4; step++) {
      const size = { noise: 1, pass: () => 0 };
      seen = net.concat([seen, net.leaky(net.conv(seen, [width + step * growth, growth], size))]);
    }
    const grown = net.conv(seen, [width + 4 * growth, width], { pass: () => 0.01 });
    value = net.add('Add', [net.scaled(grown, 0.2), value]);
  }
  value = net.add('Add', [net.conv(value, [width, width], { pass: () => 0.01 }), trunk]);
  for (let round = 0; round < 2; round++) value = net.leaky(net.conv(net.nearest(value, 2), [width, width]));
  value = net.leaky(net.conv(value, [width, width]));
  net.conv(value, [width, 3], {}, 'output');
  return net.file();
}
