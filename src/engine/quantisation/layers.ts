import { type Network, outputOf } from './network.ts';
import { dimsOf, floatAttribute, intAttribute, type OnnxNode } from './onnx-model.ts';

/** A convolution or matrix product whose weights are constant: what is computed in eight bits. */
export interface Layer {
  node: OnnxNode;
  /** What the layer is called: the name of its node's output. */
  name: string;
  input: string;
  /** What comes out behind the activation that is joined to it, if any. */
  output: string;
  /** The activation that the rounding of the output makes needless. */
  activation: OnnxNode | undefined;
  weight: { values: Float32Array; dims: readonly number[] };
  /** The dimension of the weights along which each output channel has its own scale. */
  axis: number;
  /** One value for each output channel. */
  bias: Float32Array | undefined;
  /** Whether ONNX Runtime computes it in integers; else only its weights are stored in eight bits. */
  integer: boolean;
}

/** The layers of `network`, in the order in which they are computed. */
export function findLayers(network: Network): Layer[] {
  return network.nodes.flatMap((node) => layerOf(network, node) ?? []);
}

function layerOf(network: Network, node: OnnxNode): Layer | undefined {
  const axis = channelAxis(node);
  const [input, weightName, biasName] = node.input;
  const values = network.floats(weightName);
  const weight = network.constant(weightName);
  if (axis === undefined || input === undefined || !values || !weight || network.constant(input))
    return undefined;
  const dims = dimsOf(weight);
  if (dims.length !== (node.opType.startsWith('Conv') ? 4 : 2)) return undefined;
  const bias = biasName ? network.floats(biasName) : undefined;
  // A bias that is computed, or is one number for all channels, is nothing that photographs' networks have.
  if (biasName && bias?.length !== dims[axis]) return undefined;
  const name = outputOf(node);
  const activation = joinedActivation(network, name);
  return {
    node,
    name,
    input,
    output: activation ? outputOf(activation) : name,
    activation,
    weight: { values, dims },
    axis,
    bias,
    integer: node.opType !== 'ConvTranspose',
  };
}

/** Along which dimension of its weights a node's output channels lie; undefined for what is no layer. */
function channelAxis(node: OnnxNode): number | undefined {
  if (node.domain !== '' && node.domain !== 'ai.onnx') return undefined;
  if (node.opType === 'Conv') return 0;
  if (node.opType === 'MatMul') return 1;
  if (node.opType === 'ConvTranspose') return intAttribute(node, 'group', 1) === 1 ? 1 : undefined;
  if (node.opType !== 'Gemm' || intAttribute(node, 'transA', 0) !== 0) return undefined;
  const plain = floatAttribute(node, 'alpha', 1) === 1 && floatAttribute(node, 'beta', 1) === 1;
  if (!plain) return undefined;
  return intAttribute(node, 'transB', 0) === 1 ? 0 : 1;
}

/** A Relu or Clip that alone reads `output`. Rounding to steps within what it gives out cuts off the same. */
function joinedActivation(network: Network, output: string): OnnxNode | undefined {
  const node = network.onlyConsumerOf(output);
  if (node?.opType === 'Relu') return node;
  if (node?.opType !== 'Clip' || node.input[0] !== output) return undefined;
  const [lowest, highest] = node.input.slice(1).map((name) => (name ? network.floats(name)?.[0] : 0));
  return node.input.length > 1 && (lowest ?? 1) <= 0 && (highest ?? 0) >= 0 ? node : undefined;
}
