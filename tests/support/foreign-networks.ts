import {
  DOUBLE,
  FLOAT,
  floats,
  intAttribute,
  intsAttribute,
  model,
  node,
  tensor,
  UINT8,
  valueInfo,
} from './onnx.ts';

/**
 * Networks of others' habits whose results can be told beforehand: each moves its pixels by `shift` and repeats them `scale`
 * times.
 */
export interface ShiftNetwork {
  dtype?: 'uint8' | 'float32';
  layout?: 'NHWC' | 'NCHW';
  channels?: 1 | 3 | 4;
  scale?: number;
  /** Half the width of its kernel: pixels, or squares of them where there are any. */
  radius?: number;
  /** Where a pixel comes from: so far to the right and below. Within the radius. */
  shift?: [x: number, y: number];
  /** Pixels that the convolution adds around its input; as many as the radius where absent. */
  pad?: number;
  /** It works on squares of so many pixels, and moves only the first of each. */
  square?: number;
  /** Width and height that it takes. */
  fixed?: [number, number];
  /** The result is multiplied with a number that is another input, of this type and shape. */
  strength?: { dtype: 'float32' | 'float64'; dims: number[] };
  /** Another output that is no picture comes first. */
  noise?: boolean;
}

/** The ONNX file of such a network. Inputs: `strength`, where it has one, then `in`; outputs: `noise`, likewise, then `out`. */
export function shiftNetwork(network: ShiftNetwork = {}): Buffer {
  const { dtype = 'float32', layout = 'NCHW', channels = 3, scale = 1, strength, fixed, noise } = network;
  const parts = new Parts();
  let last = 'in';
  if (dtype === 'uint8') last = parts.add('Cast', [last], intAttribute('to', FLOAT));
  if (layout === 'NHWC') last = parts.add('Transpose', [last], intsAttribute('perm', [0, 3, 1, 2]));
  last = shifted(parts, last, network);
  if (scale > 1) last = repeated(parts, last, channels, scale);
  if (strength) {
    const factor = parts.add('Cast', ['strength'], intAttribute('to', FLOAT));
    last = parts.add('Mul', [last, factor]);
  }
  const planes = last;
  if (layout === 'NHWC') last = parts.add('Transpose', [last], intsAttribute('perm', [0, 2, 3, 1]));
  parts.finish(last, dtype);
  if (noise) {
    const attributes = [intsAttribute('axes', [2, 3]), intAttribute('keepdims', 0)];
    parts.nodes.push(node('ReduceMax', { inputs: [planes], outputs: ['noise'], attributes }));
  }
  const type = dtype === 'uint8' ? UINT8 : FLOAT;
  const [width, height] = fixed ?? [undefined, undefined];
  const dims = (wide?: number, high?: number) =>
    layout === 'NHWC' ? [1, high, wide, channels] : [1, channels, high, wide];
  return model({
    nodes: parts.nodes,
    initialisers: parts.weights,
    inputs: [
      ...(strength
        ? [valueInfo('strength', strength.dtype === 'float64' ? DOUBLE : FLOAT, strength.dims)]
        : []),
      valueInfo('in', type, dims(width, height)),
    ],
    outputs: [...(noise ? [valueInfo('noise', FLOAT, [1, channels])] : []), valueInfo('out', type, dims())],
  });
}

/** A network that turns black into white in its first channel, and needs its fourth, if it has one, to be white. */
export function negativeNetwork({
  dtype,
  layout,
  channels,
  range: [black, white],
}: {
  dtype: 'uint8' | 'float32';
  layout: 'NHWC' | 'NCHW';
  channels: 1 | 3 | 4;
  range: readonly [number, number];
}): Buffer {
  const parts = new Parts();
  const matrix: number[] = Array.from({ length: channels * channels }, (_, index) =>
    index % (channels + 1) === 0 ? 1 : 0,
  );
  matrix[0] = -1;
  if (channels === 4) matrix[3] = 1;
  const bias = Array.from({ length: channels }, () => 0);
  bias[0] = channels === 4 ? black : black + white;
  let last = 'in';
  if (dtype === 'uint8') last = parts.add('Cast', [last], intAttribute('to', FLOAT));
  if (layout === 'NHWC') last = parts.add('Transpose', [last], intsAttribute('perm', [0, 3, 1, 2]));
  const weight = parts.weight([channels, channels, 1, 1], matrix);
  last = parts.add('Conv', [last, weight, parts.weight([channels], bias)]);
  if (layout === 'NHWC') last = parts.add('Transpose', [last], intsAttribute('perm', [0, 2, 3, 1]));
  parts.finish(last, dtype);
  const type = dtype === 'uint8' ? UINT8 : FLOAT;
  const dims = layout === 'NHWC' ? [1, undefined, undefined, channels] : [1, channels, undefined, undefined];
  return model({
    nodes: parts.nodes,
    initialisers: parts.weights,
    inputs: [valueInfo('in', type, dims)],
    outputs: [valueInfo('out', type, dims)],
  });
}

/** Nodes and weights of a graph, one after the other. */
class Parts {
  readonly nodes: Buffer[] = [];
  readonly weights: Buffer[] = [];

  /** Returns the name of what comes out. */
  add(operator: string, inputs: readonly string[], ...attributes: Buffer[]): string {
    const output = `v${this.nodes.length}`;
    this.nodes.push(node(operator, { inputs, outputs: [output], attributes }));
    return output;
  }

  weight(dims: readonly number[], values: readonly number[]): string {
    const name = `w${this.weights.length}`;
    this.weights.push(floats(name, dims, values));
    return name;
  }

  /** Makes `last` the output `out`; as bytes, where those are wanted. */
  finish(last: string, dtype: 'uint8' | 'float32'): void {
    if (dtype === 'float32') {
      this.nodes.push(node('Identity', { inputs: [last], outputs: ['out'] }));
      return;
    }
    for (const [name, value] of [
      ['lo', 0],
      ['hi', 255],
    ] as const) {
      const raw = Buffer.alloc(4);
      raw.writeFloatLE(value);
      this.weights.push(tensor(name, FLOAT, [], { raw }));
    }
    const clipped = this.add('Clip', [this.add('Round', [last]), 'lo', 'hi']);
    this.nodes.push(
      node('Cast', { inputs: [clipped], outputs: ['out'], attributes: [intAttribute('to', UINT8)] }),
    );
  }
}

function shifted(
  parts: Parts,
  input: string,
  { channels = 3, radius = 0, shift = [0, 0], pad = radius, square = 1 }: ShiftNetwork,
): string {
  const planes = channels * square ** 2;
  const side = 2 * radius + 1;
  const kernels = Array.from({ length: planes * side ** 2 }, () => 0);
  for (let plane = 0; plane < planes; plane++) {
    const [x, y] = plane < channels ? shift : [0, 0];
    kernels[plane * side ** 2 + (radius + y) * side + radius + x] = 1;
  }
  const squares = square > 1 ? parts.add('SpaceToDepth', [input], intAttribute('blocksize', square)) : input;
  const moved = parts.add(
    'Conv',
    [squares, parts.weight([planes, 1, side, side], kernels)],
    intAttribute('group', planes),
    intsAttribute('pads', [pad, pad, pad, pad]),
  );
  return square > 1 ? parts.add('DepthToSpace', [moved], intAttribute('blocksize', square)) : moved;
}

function repeated(parts: Parts, input: string, channels: number, scale: number): string {
  const outputs = channels * scale ** 2;
  // DepthToSpace takes the pixels of a square one after the other, each with all of its channels.
  const matrix = Array.from({ length: outputs * channels }, (_, index) => {
    const [output, channel] = [Math.floor(index / channels), index % channels];
    return output % channels === channel ? 1 : 0;
  });
  const many = parts.add('Conv', [input, parts.weight([outputs, channels, 1, 1], matrix)]);
  return parts.add('DepthToSpace', [many], intAttribute('blocksize', scale));
}
