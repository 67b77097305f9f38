import {
  FLOAT,
  field,
  graph,
  int64s,
  intsAttribute,
  message,
  node,
  tensor,
  valueInfo,
} from '../../support/onnx.ts';

/**
 * Small networks of the shapes in which people publish theirs: float pictures in 0..1 as [1, 3, height, width], all
 * convolutions padded with zeros. Nobody has trained them: they hand the picture on in their first three channels, and
 * everywhere else is noise, so that results are pictures and nothing in between is idle.
 */

const PLANES = [1, 3, undefined, undefined] as const;

const floatAttribute = (name: string, value: number): Buffer => {
  const bytes = Buffer.alloc(5);
  // Field 2, four bytes.
  bytes.writeUInt8(0x15, 0);
  bytes.writeFloatLE(value, 1);
  return message(field(1, name), bytes, field(20, 1));
};
const intAttribute = (name: string, value: number) => message(field(1, name), field(3, value), field(20, 2));
const textAttribute = (name: string, value: string) => message(field(1, name), field(4, value), field(20, 3));

interface ConvOptions {
  side?: number;
  noise?: number;
  /** By how much each channel of the input is handed on. */
  pass?: (channel: number) => number;
  /** What weights are multiplied by. */
  weigh?: (row: number, column: number) => number;
}

const firstThree = (channel: number): number => (channel < 3 ? 1 : 0);

/** Writes a network node by node. */
export class NetworkWriter {
  readonly #nodes: Buffer[] = [];
  readonly #constants: Buffer[] = [];
  #random: () => number;
  #names = 0;

  constructor(seed = 1) {
    this.#random = normalNumbers(seed);
  }

  floats(values: readonly number[] | Float32Array, dims: readonly number[]): string {
    const name = `constant${this.#names++}`;
    const raw = Buffer.from(Float32Array.from(values).buffer);
    this.#constants.push(tensor(name, FLOAT, dims, { raw }));
    return name;
  }

  integers(values: readonly number[]): string {
    const name = `constant${this.#names++}`;
    this.#constants.push(int64s(name, values));
    return name;
  }

  add(
    operator: string,
    inputs: readonly string[],
    attributes: readonly Buffer[] = [],
    output?: string,
  ): string {
    const made = output ?? `${operator}${this.#names++}`;
    this.#nodes.push(node(operator, { inputs, outputs: [made], attributes }));
    return made;
  }

  /** A convolution; `pass`: by how much each of the first channels of its input is handed on. */
  conv(
    input: string,
    [from, to]: readonly [number, number],
    { side = 3, noise = 0.5, pass = firstThree, weigh = () => 1 }: ConvOptions = {},
    output?: string,
  ): string {
    const deviation = noise / Math.sqrt(from * side * side);
    const weights = Float32Array.from({ length: to * from * side * side }, (_, index) => {
      const [row, column] = [
        Math.floor(index / (from * side * side)),
        Math.floor(index / (side * side)) % from,
      ];
      const middle = index % (side * side) === (side * side) >> 1;
      const drawn = weigh(row, column) * deviation * this.#random();
      // The picture's own channels stay what they are.
      if (row < 3 && pass(row) !== 0) return middle && row === column ? pass(row) : 0.02 * drawn;
      return drawn;
    });
    const bias = Array.from({ length: to }, (_, row) => (row < 3 ? 0 : 0.05 * this.#random()));
    const names = [this.floats(weights, [to, from, side, side]), this.floats(bias, [to])];
    const attributes = [
      intsAttribute(
        'pads',
        Array.from({ length: 4 }, () => side >> 1),
      ),
      intsAttribute('kernel_shape', [side, side]),
    ];
    return this.add('Conv', [input, ...names], attributes, output);
  }

  leaky = (input: string) => this.add('LeakyRelu', [input], [floatAttribute('alpha', 0.2)]);

  prelu = (input: string, channels: number) =>
    this.add('PRelu', [
      input,
      this.floats(
        Array.from({ length: channels }, (_, i) => 0.1 + (0.3 * i) / channels),
        [channels, 1, 1],
      ),
    ]);

  scaled = (input: string, factor: number) => this.add('Mul', [input, this.floats([factor], [])]);

  nearest = (input: string, scale: number, output?: string) =>
    this.add(
      'Resize',
      [input, '', this.floats([1, 1, scale, scale], [4])],
      [
        textAttribute('mode', 'nearest'),
        textAttribute('coordinate_transformation_mode', 'asymmetric'),
        textAttribute('nearest_mode', 'floor'),
      ],
      output,
    );

  concat = (inputs: readonly string[]) => this.add('Concat', inputs, [intAttribute('axis', 1)]);

  /** [scale² · 3 channels] to a picture `scale` times as large; its channels are in the order of PyTorch. */
  shuffled = (input: string, scale: number, output?: string) =>
    this.add(
      'DepthToSpace',
      [input],
      [intAttribute('blocksize', scale), textAttribute('mode', 'CRD')],
      output,
    );

  /** The ONNX file. */
  file({ opset = 17, input = 'input', output = 'output' } = {}): Buffer {
    const inputs = [valueInfo(input, FLOAT, PLANES)];
    const outputs = [valueInfo(output, FLOAT, PLANES)];
    const written = graph({ nodes: this.#nodes, initialisers: this.#constants, inputs, outputs });
    return message(field(1, 8), field(7, written), field(8, field(2, opset)));
  }
}

/** As ESRGAN: residual dense blocks with leaky rectifiers, enlarged twice by repetition, ×4. */
export function denseNetwork({ width = 32, growth = 16, blocks = 1, opset = 17 } = {}): Buffer {
  const net = new NetworkWriter(11);
  const trunk = net.conv('input', [3, width]);
  let value = trunk;
  for (let block = 0; block < 3 * blocks; block++) {
    const seen = [value];
    for (let step = 0; step < 4; step++) {
      const all = seen.length === 1 ? value : net.concat(seen);
      seen.push(net.leaky(net.conv(all, [width + step * growth, growth], { noise: 1, pass: () => 0 })));
    }
    const grown = net.conv(net.concat(seen), [width + 4 * growth, width], { pass: () => 0.01 });
    value = net.add('Add', [net.scaled(grown, 0.2), value]);
  }
  value = net.add('Add', [net.conv(value, [width, width], { pass: () => 0.01 }), trunk]);
  for (let round = 0; round < 2; round++) value = net.leaky(net.conv(net.nearest(value, 2), [width, width]));
  value = net.leaky(net.conv(value, [width, width]));
  net.conv(value, [width, 3], {}, 'output');
  return net.file({ opset });
}

/** As the compact networks of Real-ESRGAN: convolutions with a slope for each channel, on top of the repeated picture, ×4. */
export function compactNetwork({ width = 32, layers = 8, scale = 4 } = {}): Buffer {
  const net = new NetworkWriter(12);
  let value = net.prelu(net.conv('input', [3, width]), width);
  for (let layer = 0; layer < layers; layer++)
    value = net.prelu(net.conv(value, [width, width], { noise: 1 }), width);
  const planes = net.conv(value, [width, 3 * scale * scale], { noise: 0.2, pass: () => 0 });
  net.add('Add', [net.shuffled(planes, scale), net.nearest('input', scale)], [], 'output');
  return net.file();
}

/** As SPAN: blocks that weigh what they found by a sigmoid of it, four of them side by side at the end, ×2. */
export function attentiveNetwork({ width = 32, blocks = 3, scale = 2 } = {}): Buffer {
  const net = new NetworkWriter(13);
  const silu = (input: string) => net.add('Mul', [input, net.add('Sigmoid', [input])]);
  const first = net.conv('input', [3, width], { noise: 1 });
  const found = [first];
  let value = first;
  for (let block = 0; block < blocks; block++) {
    let inner = value;
    for (let layer = 0; layer < 2; layer++)
      inner = silu(net.conv(inner, [width, width], { noise: 1.4, pass: () => 0 }));
    inner = net.conv(inner, [width, width], { noise: 1.4, pass: () => 0 });
    const weights = net.add('Sub', [net.add('Sigmoid', [inner]), net.floats([0.5], [])]);
    value = net.add('Mul', [net.add('Add', [inner, value]), weights]);
    found.push(value);
  }
  const joined = net.conv(net.concat(found), [width * (blocks + 1), width], { side: 1, pass: () => 1 });
  const dims = 3 * scale * scale;
  const spread = net.conv(joined, [width, dims], { pass: () => 0, noise: 0.3 });
  net.add('Add', [net.shuffled(spread, scale), net.nearest('input', scale)], [], 'output');
  return net.file();
}

/** A network whose second tensor cannot be rounded: one of its channels is a thousand times as large as the picture in it. */
export function unevenNetwork(): Buffer {
  const net = new NetworkWriter(14);
  const width = 16;
  const loud = 9;
  let value = net.add('Relu', [net.conv('input', [3, width])]);
  value = net.add(
    'Relu',
    [net.conv(value, [width, width], { weigh: (row) => (row === loud ? 1000 : 1) })],
    [],
    'uneven',
  );
  const quieter = (_: number, column: number) => (column === loud ? 0.001 : 1);
  value = net.add('Relu', [net.conv(value, [width, width], { weigh: quieter })], [], 'even');
  for (let layer = 0; layer < 4; layer++) value = net.add('Relu', [net.conv(value, [width, width])]);
  const planes = net.conv(value, [width, 12], { noise: 0.2, pass: () => 0 });
  net.add('Add', [net.shuffled(planes, 2), net.nearest('input', 2)], [], 'output');
  return net.file();
}

/** Normally distributed numbers, the same for the same seed. */
function normalNumbers(seed: number): () => number {
  let state = seed >>> 0;
  const uniform = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
