import { ELEMENT } from '../inference/element-types.ts';
import type { Network } from './network.ts';
import { intAttribute, type OnnxNode, textAttribute } from './onnx-model.ts';

/** What is done with a node where its inputs are there in eight bits. */
export type Treatment =
  /** Moves values about or chooses among them: it does the same with whole numbers, and nothing is rounded. */
  | 'moves'
  /** Computes, and ONNX Runtime can do it in integers, each tensor in its own steps. */
  | 'computes'
  /** Puts tensors of different steps side by side. */
  | 'joins'
  /** Makes floats of the bytes of a picture, which are whole numbers already. */
  | 'widens'
  | 'float';

const MOVES: ReadonlySet<string> = new Set([
  'DepthToSpace',
  'Expand',
  'Flatten',
  'MaxPool',
  'Reshape',
  'Slice',
  'SpaceToDepth',
  'Squeeze',
  'Tile',
  'Transpose',
  'Unsqueeze',
]);

const COMPUTES: ReadonlySet<string> = new Set([
  'Add',
  'AveragePool',
  'GlobalAveragePool',
  'LeakyRelu',
  'Mul',
  'Sigmoid',
]);

/** How `node`, which is no layer, is treated. */
export function treatmentOf(network: Network, node: OnnxNode): Treatment {
  const { opType, domain, output } = node;
  if ((domain !== '' && domain !== 'ai.onnx') || output.length !== 1) return 'float';
  if (opType === 'Cast') return isWidening(network, node) ? 'widens' : 'float';
  if (opType === 'Concat') return 'joins';
  // There are sums in integers, and no differences: this one is the sum with the negated constant.
  if (opType === 'Sub') return network.floats(node.input[1]) ? 'computes' : 'float';
  if (COMPUTES.has(opType)) return 'computes';
  if (MOVES.has(opType)) return 'moves';
  if (opType === 'Resize' && textAttribute(node, 'mode', 'nearest') === 'nearest') return 'moves';
  if (opType === 'Pad' && textAttribute(node, 'mode', 'constant') !== 'constant') return 'moves';
  return 'float';
}

/** The tensors that a node computes with; what else it reads are shapes and the like. */
export function dataInputs(node: OnnxNode, treatment: Treatment): string[] {
  const data = treatment === 'moves' || treatment === 'widens' ? node.input.slice(0, 1) : node.input;
  return data.filter((name) => name !== '');
}

/** The picture itself, or what a transposition or a slice has made of it. */
function isWidening(network: Network, node: OnnxNode): boolean {
  if (intAttribute(node, 'to', 0) !== ELEMENT.float32) return false;
  let [name] = node.input;
  for (;;) {
    const from = name;
    const picture = network.model.graph.input.find((input) => input.name === from);
    if (picture) return picture.type?.tensorType?.elemType === ELEMENT.uint8;
    const producer: OnnxNode | undefined = from === undefined ? undefined : network.producerOf(from);
    if (!producer || !MOVES.has(producer.opType)) return false;
    [name] = producer.input;
  }
}
