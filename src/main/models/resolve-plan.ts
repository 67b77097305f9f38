import { join } from 'node:path';
import { asEnlargerError, EnlargerError } from '../../shared/errors.ts';
import type { EntryDtype, ModelManifest, VariantId } from '../../shared/models.ts';
import { isChoosable } from '../../shared/network.ts';
import { blendedTile, fittingTile } from '../../shared/network-geometry.ts';
import type { NetworkUse, Plan, SessionSpec } from '../../shared/plan.ts';
import type { RegisteredModel } from './model-registry.ts';
import { networkOf } from './network-of.ts';

export interface PlanOptions {
  variant: VariantId;
  /** Intra-op threads of each session. */
  threads: number;
  /** Side of a tile in source pixels; the model's own hint where absent. */
  tile?: number | undefined;
  /** 0..1, for models that have a strength; the model's own where absent. */
  strength?: number | undefined;
}

/**
 * The plan for files under these options. Pictures of eight bits take the uint8 entry of the variant where it has one.
 * Deeper ones take its float32 entry, or fp32's for int8 and where it has none: eight-bit sums would cut steps into their
 * gradients.
 * Only a model without any float32 is given them in eight bits.
 */
export function resolvePlan(model: RegisteredModel, options: PlanOptions): Plan {
  const { manifest } = model;
  const { variant, threads } = options;
  const use = networkUse(manifest, options.strength);
  const [width, height] = options.tile ? [options.tile, options.tile] : manifest.tile.cpu;
  const shallow = pictureSession(model, variant, threads);
  const deep =
    (variant === 'int8' ? undefined : sessionSpec(model, variant, 'float32', threads)) ??
    sessionSpec(model, 'fp32', 'float32', threads) ??
    shallow;
  if (!shallow || !deep) {
    const has = manifest.variants.map((variant) => variant.id).join(', ');
    throw new EnlargerError(
      'bad-argument',
      `Model '${manifest.id}' has no variant '${options.variant}' (it has: ${has}).`,
    );
  }
  return {
    modelId: manifest.id,
    ...use,
    ...tilesFor(manifest, { width, height }, use),
    shallow,
    deep,
  };
}

/** The largest tile, and how far tiles reach into each other where they do not agree. */
function tilesFor(
  { id, exact }: ModelManifest,
  wished: Plan['tile'],
  { scale, receptiveRadius: radius, network }: NetworkUse,
): Pick<Plan, 'tile' | 'blend'> {
  try {
    if (exact) return { tile: fittingTile(wished, radius, network) };
    const { tile, blend } = blendedTile(wished, { scale, radius, network });
    return blend === 0 ? { tile } : { tile, blend };
  } catch (error) {
    const { code, message } = asEnlargerError(error, 'model-invalid');
    throw new EnlargerError(code, `Model '${id}': ${message}`, { cause: error });
  }
}

/** What becomes of an input of this model, and how it is given; `strength`: 0..1, the model's own where undefined. */
export function networkUse(manifest: ModelManifest, strength?: number): NetworkUse {
  const { scale, receptiveRadius } = manifest;
  const network = networkOf(manifest);
  if (!network) return { scale, receptiveRadius };
  if (!network.strength || !isChoosable(network.strength)) return { scale, receptiveRadius, network };
  return { scale, receptiveRadius, network, strength: strength ?? network.strength.default };
}

/** The session for pictures of eight bits a sample; undefined for a variant that the model does not have. */
export function pictureSession(
  model: RegisteredModel,
  variant: VariantId,
  threads: number,
): SessionSpec | undefined {
  return sessionSpec(model, variant, 'uint8', threads) ?? sessionSpec(model, variant, 'float32', threads);
}

/** The session of one entry; undefined for one that the model does not have. */
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
    ...rangeOf(entry),
    file: join(folder, entry.file),
    sha256: entry.sha256,
    provider: 'cpu',
    threads,
  };
}

const USUAL = { uint8: [0, 255], float32: [0, 1] } as const;

function rangeOf({
  dtype,
  range,
}: ModelManifest['variants'][number]['entries'][number]): Pick<SessionSpec, 'range'> {
  const [black, white] = USUAL[dtype];
  return range[0] === black && range[1] === white ? {} : { range };
}
