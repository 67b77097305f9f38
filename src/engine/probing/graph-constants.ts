import { ELEMENT } from '../inference/element-types.ts';
import { floatsOf, type OnnxModel, type OnnxTensor } from '../quantisation/onnx-model.ts';

/** The constants of the main graph that have no more than four values, by name, in the order of the file. */
export function smallConstants({ graph }: OnnxModel): Map<string, number[]> {
  const inNodes = graph.node.flatMap(({ output: [name = ''], attribute }) =>
    attribute.flatMap(({ t }) => (t ? [[name, t] as const] : [])),
  );
  const all = [...graph.initializer.map((tensor) => [tensor.name, tensor] as const), ...inNodes];
  return new Map(
    all
      .filter(([, tensor]) => sizeOf(tensor) <= MOST)
      .flatMap(([name, tensor]) => {
        const values = numbersOf(tensor);
        return values ? [[name, values] as const] : [];
      }),
  );
}

const MOST = 4;

const sizeOf = ({ dims }: OnnxTensor) => dims.reduce((count, side) => count * Number(side), 1);

function numbersOf(tensor: OnnxTensor): number[] | undefined {
  const floats = floatsOf(tensor);
  if (floats) return [...floats];
  const bytes = Uint8Array.from(tensor.rawData).buffer;
  if (bytes.byteLength === 0) return undefined;
  if (tensor.dataType === ELEMENT.float16) return [...new Float16Array(bytes)];
  if (tensor.dataType === ELEMENT.float64) return [...new Float64Array(bytes)];
  return undefined;
}
