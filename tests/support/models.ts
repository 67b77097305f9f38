import { fileURLToPath } from 'node:url';
import { ModelRegistry, type RegisteredModel } from '../../src/main/models/model-registry.ts';
import {
  networkUse,
  type PlanOptions,
  resolvePlan,
  sessionSpec,
} from '../../src/main/models/resolve-plan.ts';
import type { NetworkConventions } from '../../src/shared/network.ts';
import type { Plan, SessionSpec } from '../../src/shared/plan.ts';

/** The models that ship with the program. */
const registry = await ModelRegistry.read(fileURLToPath(new URL('../../resources/models', import.meta.url)));

const shippedModels: readonly RegisteredModel[] = [...registry.models.values()];

export interface ShippedEntry {
  /** What tests call it: model, variant and dtype. */
  name: string;
  spec: SessionSpec;
  scale: number;
  radius: number;
  /** How it is fed and read, where that is not as usual. */
  network?: NetworkConventions | undefined;
}

/** Every ONNX file that the shipped manifests name. */
export const shippedEntries: readonly ShippedEntry[] = shippedModels.flatMap((model) =>
  model.manifest.variants.flatMap(({ id, entries }) =>
    entries.map(({ dtype }) => ({
      name: `${model.manifest.id} ${id} ${dtype}`,
      spec: sessionSpec(model, id, dtype, 1) as SessionSpec,
      scale: model.manifest.scale,
      radius: model.manifest.receptiveRadius,
      network: networkUse(model.manifest).network,
    })),
  ),
);

/** The entry that tests use where any would do: the fastest shipped scale, 8 bits. */
export function anyEntry(dtype: 'uint8' | 'float32' = 'uint8'): ShippedEntry {
  const entry = shippedEntries.find(({ spec }) => spec.variant === 'fp32' && spec.dtype === dtype);
  if (!entry) throw new Error(`No shipped model has an fp32 variant with ${dtype} input.`);
  return entry;
}

/** A plan with the first shipped model, in small tiles so that small pictures have several. */
export function planFor(options: Partial<PlanOptions> = {}): Plan {
  const [model] = shippedModels;
  if (!model) throw new Error('No model is shipped.');
  return resolvePlan(model, { variant: 'fp32', threads: 1, tile: 32, ...options });
}
