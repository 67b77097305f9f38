import { ELEMENT } from '../inference/element-types.ts';
import type { OnnxModel, OnnxTensor } from '../quantisation/onnx-model.ts';

/** Those of trained numbers, the bytes that quantised weights are included. */
const WEIGHTS: ReadonlySet<number> = new Set([
  ...[ELEMENT.float32, ELEMENT.float16, ELEMENT.float64, ELEMENT.bfloat16, ELEMENT.int8],
]);

/** Inputs of these are sizes and limits, not weights. */
const SIZED: ReadonlySet<string> = new Set(['Resize', 'Upsample', 'Pad', 'Clip', 'Slice']);

/** How many trained numbers the network of `model` has: its constants of a dimension or more that layers compute with. */
export function countParameters({ graph }: OnnxModel): number {
  const sizes = new Set(graph.node.filter(({ opType }) => SIZED.has(opType)).flatMap(({ input }) => input));
  const constants = graph.node
    .filter(({ opType }) => opType === 'Constant')
    .map(({ output, attribute }) => ({ name: output[0], tensor: attribute.find(({ t }) => t)?.t }));
  const all = [...graph.initializer.map((tensor) => ({ name: tensor.name, tensor })), ...constants];
  return all.reduce((sum, { name, tensor }) => {
    const counted = tensor && name !== undefined && !sizes.has(name) && isWeight(tensor);
    return sum + (counted ? tensor.dims.reduce((count, side) => count * Number(side), 1) : 0);
  }, 0);
}

const isWeight = ({ dataType, dims }: OnnxTensor): boolean => WEIGHTS.has(dataType) && dims.length > 0;
