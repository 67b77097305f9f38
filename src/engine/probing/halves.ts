import { clone } from '@bufbuild/protobuf';
import { ELEMENT } from '../inference/element-types.ts';
import type { OnnxGraph, OnnxModel, OnnxTensor } from '../quantisation/onnx-model.ts';
import { schemaOf } from '../quantisation/onnx-schema.ts';

/** A copy of `model` that computes in float32 wherever it computed in float16. */
export function widened(model: OnnxModel): OnnxModel {
  const copy = clone(schemaOf('Model'), model) as unknown as OnnxModel;
  widenGraph(copy.graph);
  return copy;
}

function widenGraph(graph: OnnxGraph): void {
  for (const tensor of graph.initializer) widenTensor(tensor);
  for (const { type } of [...graph.input, ...graph.output]) {
    if (type?.tensorType?.elemType === ELEMENT.float16) type.tensorType.elemType = ELEMENT.float32;
  }
  // What the file says of tensors in between is found out again by ONNX Runtime.
  graph.valueInfo = [];
  for (const node of graph.node) {
    for (const attribute of node.attribute) {
      if (attribute.t) widenTensor(attribute.t);
      if (attribute.g) widenGraph(attribute.g);
      const typed = attribute.name === 'to' || attribute.name === 'dtype';
      if (typed && attribute.i === BigInt(ELEMENT.float16)) attribute.i = BigInt(ELEMENT.float32);
    }
  }
}

function widenTensor(tensor: OnnxTensor): void {
  if (tensor.dataType !== ELEMENT.float16) return;
  // Halves stand in raw bytes, or in the list of 32-bit integers, one in each.
  const halves =
    tensor.int32Data.length > 0
      ? Uint16Array.from(tensor.int32Data)
      : new Uint16Array(Uint8Array.from(tensor.rawData).buffer);
  const floats = Float32Array.from(halves, valueOfHalf);
  tensor.int32Data = [];
  tensor.rawData = new Uint8Array(floats.buffer);
  tensor.dataType = ELEMENT.float32;
}

/** Source: IEEE 754, binary16. */
function valueOfHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** Whether anything in the main graph of `model` is of float16. */
export function hasHalves({ graph }: OnnxModel): boolean {
  const values = [...graph.input, ...graph.output].map(({ type }) => type?.tensorType?.elemType);
  const constants = [
    ...graph.initializer,
    ...graph.node.flatMap(({ attribute }) => attribute.flatMap(({ t }) => t ?? [])),
  ].map(({ dataType }) => dataType);
  return [...values, ...constants].includes(ELEMENT.float16);
}
