import type { Layer } from './layers.ts';
import { intAttribute } from './onnx-model.ts';

/** Numbers of channels below whose multiples ONNX Runtime does not use its fastest kernels for whole numbers. */
const INPUTS = 4;
const OUTPUTS = 16;

/** Channels of zeros that a convolution gets at the end of its input and of its output. */
export interface Packing {
  inputs: number;
  outputs: number;
}

/** What `layer` lacks; nothing for other layers than plain convolutions. */
export function packingFor({ node, weight }: Layer): Packing {
  const [outputs = 0, inputs = 0] = weight.dims;
  const plain = node.opType === 'Conv' && intAttribute(node, 'group', 1) === 1;
  if (!plain) return { inputs: 0, outputs: 0 };
  return { inputs: lacking(inputs, INPUTS), outputs: lacking(outputs, OUTPUTS) };
}

function lacking(channels: number, unit: number): number {
  return (unit - (channels % unit)) % unit;
}

/** `layer` with weights of zero for the channels of `packing`. */
export function packedLayer(layer: Layer, { inputs: more, outputs: added }: Packing): Layer {
  if (more + added === 0) return layer;
  const [outputs = 0, inputs = 0, ...kernel] = layer.weight.dims;
  const area = kernel.reduce((all, side) => all * side, 1);
  const values = new Float32Array((outputs + added) * (inputs + more) * area);
  const length = inputs * area;
  for (let output = 0; output < outputs; output++) {
    const from = output * length;
    values.set(layer.weight.values.subarray(from, from + length), output * (inputs + more) * area);
  }
  const bias = layer.bias && new Float32Array(outputs + added);
  if (layer.bias) bias?.set(layer.bias);
  return { ...layer, weight: { values, dims: [outputs + added, inputs + more, ...kernel] }, bias };
}
