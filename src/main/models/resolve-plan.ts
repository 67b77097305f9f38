import { join } from 'node:path';
import { EnlargerError } from '../../shared/errors.ts';
import type { EntryDtype, VariantId } from '../../shared/models.ts';
import type { Plan, SessionSpec } from '../../shared/plan.ts';
import type { RegisteredModel } from './model-registry.ts';

export interface PlanOptions {
  variant: VariantId;
  /** Intra-op threads of each session. */
  threads: number;
  /** Side of a tile in source pixels; the model's own hint where absent. */
  tile?: number | undefined;
}

/**
 * The plan for files under these options. Pictures deeper than eight bits take the float32 entry of the
 * variant, or fp32's where the variant has none: eight-bit sums would cut steps into their gradients.
 */
export function resolvePlan(model: RegisteredModel, options: PlanOptions): Plan {
  const { manifest } = model;
  const [width, height] = options.tile ? [options.tile, options.tile] : manifest.tile.cpu;
  const shallow = sessionSpec(model, options.variant, 'uint8', options.threads);
  const deep =
    sessionSpec(model, options.variant, 'float32', options.threads) ??
    sessionSpec(model, 'fp32', 'float32', options.threads);
  if (!shallow || !deep) {
    const has = manifest.variants.map((variant) => variant.id).join(', ');
    throw new EnlargerError(
      'bad-argument',
      `Model '${manifest.id}' has no variant '${options.variant}' (it has: ${has}).`,
    );
  }
  return {
    modelId: manifest.id,
    scale: manifest.scale,
    receptiveRadius: manifest.receptiveRadius,
    tile: { width, height },
    shallow,
    deep,
  };
}

export function sessionSpec(
  { manifest, folder }: RegisteredModel,
  variantId: VariantId,
  dtype: EntryDtype,
  threads: number,
): SessionSpec | undefined {
  const variant = manifest.variants.find(({ id }) => id === variantId);
  const entry = variant?.entries.find((candidate) => candidate.dtype === dtype);
  if (!entry) return undefined;
  return {
    modelId: manifest.id,
    variant: variantId,
    dtype,
    file: join(folder, entry.file),
    sha256: entry.sha256,
    provider: 'cpu',
    threads,
  };
}
