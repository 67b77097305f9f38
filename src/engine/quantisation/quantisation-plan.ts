import type { Layer } from './layers.ts';
import { type Network, outputOf } from './network.ts';
import type { OnnxNode } from './onnx-model.ts';
import { dataInputs, type Treatment, treatmentOf } from './operators.ts';

/** Which parts of a network are computed in eight bits. */
export interface Choice {
  /** Layers, by name, that stay as they are. */
  floatLayers: ReadonlySet<string>;
  /** Whether what stands between layers, sums and products mostly, is computed in eight bits, too. */
  between: boolean;
}

/** What is done with each node and each tensor. */
export interface QuantisationPlan {
  /** The layers that are quantised, by their nodes. */
  layers: ReadonlyMap<OnnxNode, Layer>;
  /** How every other node is treated that is not left in float. */
  treatments: ReadonlyMap<OnnxNode, Treatment>;
  /** Activations that are joined to the layer before them. */
  dropped: ReadonlySet<OnnxNode>;
  /** Tensors that a node computes in eight bits: nobody sees them otherwise. */
  whole: ReadonlySet<string>;
  /** Tensors in float of which some reader needs a rounded copy. */
  rounded: ReadonlySet<string>;
}

/** Decides what `choice` means for every node of `network`, whose layers are `layers`. */
export function planQuantisation(
  network: Network,
  layers: readonly Layer[],
  choice: Choice,
): QuantisationPlan {
  const kept = layers.filter(({ name }) => !choice.floatLayers.has(name));
  const byNode = new Map(kept.map((layer) => [layer.node, layer]));
  const activations = new Map(kept.flatMap((layer) => (layer.activation ? [[layer.activation, layer]] : [])));
  const wanted = wantedTensors(network, kept, choice);
  const treatments = new Map<OnnxNode, Treatment>();
  const [whole, rounded, dropped] = [new Set<string>(), new Set<string>(), new Set<OnnxNode>()];
  for (const node of network.nodes) {
    const layer = byNode.get(node);
    const joined = activations.get(node);
    if (layer?.integer) {
      if (!whole.has(layer.input)) rounded.add(layer.input);
      whole.add(layer.output);
    } else if (joined?.integer) dropped.add(node);
    else if (!layer) {
      const treatment = treatmentOf(network, node);
      const inputs = dataInputs(node, treatment).filter((name) => !network.constant(name));
      const output = outputOf(node);
      const ready = inputs.length > 0 && inputs.every((name) => whole.has(name));
      if (treatment === 'widens' || (treatment === 'moves' && ready)) {
        treatments.set(node, treatment);
        whole.add(output);
      } else if (treatment === 'computes' && choice.between && ready && wanted.has(output)) {
        treatments.set(node, treatment);
        whole.add(output);
      } else if (treatment === 'joins' && wanted.has(output) && inputs.length === node.input.length) {
        treatments.set(node, treatment);
        for (const name of inputs) if (!whole.has(name)) rounded.add(name);
        whole.add(output);
      }
    }
  }
  return { layers: byNode, treatments, dropped, whole, rounded };
}

/** Tensors that reach a quantised layer through nothing but what can be computed in eight bits. */
function wantedTensors(network: Network, layers: readonly Layer[], { between }: Choice): ReadonlySet<string> {
  const wanted = new Set(layers.filter(({ integer }) => integer).map(({ input }) => input));
  for (const node of network.nodes.toReversed()) {
    if (!node.output.some((name) => wanted.has(name))) continue;
    const treatment = treatmentOf(network, node);
    const passes = treatment === 'moves' || treatment === 'joins' || (treatment === 'computes' && between);
    if (passes) for (const name of dataInputs(node, treatment)) wanted.add(name);
  }
  return wanted;
}
