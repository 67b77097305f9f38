import { FLOAT } from '../onnx.ts';
import { type FileParts, GraphWriter } from './graph-writer.ts';
import { trunk } from './trunk.ts';

/** As Real-ESRGAN x4plus: repetition and convolutions, twice. */
export function esrgan(parts: FileParts = {}, { type = FLOAT, layers = 3 } = {}): Buffer {
  const net = new GraphWriter({ type });
  let value = trunk(net, parts.input ?? 'input', { layers });
  for (let round = 0; round < 2; round++) value = net.leaky(net.conv(net.nearest(value, 2), [8, 8]));
  net.conv(value, [8, 3], { output: parts.output ?? 'output' });
  return net.file(parts);
}

/** As Real-ESRGAN x2plus: four pixels become one at the start. */
export function unshuffled({ reshaped = false } = {}): Buffer {
  const net = new GraphWriter();
  // A picture's own colours, averaged, stay in front.
  let value = reshaped
    ? reshapedUnshuffle(net, 'input')
    : net.add('SpaceToDepth', ['input'], { blocksize: 2 });
  const mean = net.add('AveragePool', ['input'], { kernel_shape: [2, 2], strides: [2, 2] });
  value = net.add('Concat', [mean, value], { axis: 1 });
  value = net.leaky(net.conv(value, [15, 8]));
  value = net.conv(value, [8, 8]);
  for (let round = 0; round < 2; round++) value = net.leaky(net.conv(net.nearest(value, 2), [8, 8]));
  net.conv(value, [8, 3], { output: 'output' });
  return net.file();
}

/** Pixel-unshuffle as older exporters write it: sizes computed, six dimensions, transposed. */
function reshapedUnshuffle(net: GraphWriter, input: string): string {
  const two = net.integers(2);
  const half = (axis: number) => net.add('Div', [net.dimension(input, axis), two]);
  const [height, width] = [half(2), half(3)];
  const six = net.add('Concat', [net.integers(1, 3), height, two, width, two], { axis: 0 });
  const split = net.add('Reshape', [input, six]);
  const turned = net.add('Transpose', [split], { perm: [0, 1, 3, 5, 2, 4] });
  const four = net.add('Concat', [net.integers(1, 12), height, width], { axis: 0 });
  return net.add('Reshape', [turned, four]);
}

/** As Real-ESRGAN general-x4v3: slopes for each channel, and the repeated picture added. */
export function compact(parts: FileParts & { denoise?: boolean } = {}): Buffer {
  const { denoise = false, ...file } = parts;
  const net = new GraphWriter();
  let value = net.conv('input', [3, 8], { noise: 0.5 });
  for (let layer = 0; layer < 3; layer++) {
    const slopes = net.floats(
      Array.from({ length: 8 }, (_, index) => 0.1 + index / 20),
      [8, 1, 1],
    );
    value = net.conv(net.add('PRelu', [value, slopes]), [8, 8], { noise: 0.5, pass: 0 });
  }
  if (denoise) value = net.add('Mul', [value, net.add('Cast', ['dn'], { to: FLOAT })]);
  value = net.shuffle(net.conv(value, [8, 48], { pass: 0, noise: 0.2 }), 4);
  net.add('Add', [value, net.nearest('input', 4)], {}, 'output');
  return net.file(file);
}
