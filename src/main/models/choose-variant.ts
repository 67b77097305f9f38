import type { RequestOutput } from '../../shared/engine-protocol.ts';
import type { VariantId } from '../../shared/models.ts';
import type { EngineConnection } from '../engine/engine-connection.ts';
import type { RegisteredModel } from './model-registry.ts';
import { networkUse, pictureSession } from './resolve-plan.ts';

/** Below this many dB between int8 and fp32, this processor is taken to compute int8 wrongly. */
const LOWEST_PSNR = 35;

export interface VariantChoice {
  variant: VariantId;
  /** What the self-test measured; absent if there was nothing to compare. */
  measured?: RequestOutput<'compare'>;
}

/** `auto`: int8 where this machine computes it right and faster than fp32, else fp32, else what there is. */
export async function chooseVariant(
  model: RegisteredModel,
  engine: Pick<EngineConnection, 'request'>,
): Promise<VariantChoice> {
  const { manifest } = model;
  const reference = pictureSession(model, 'fp32', 1);
  const candidate = pictureSession(model, 'int8', 1);
  if (!reference) return { variant: manifest.variants[0]?.id ?? 'int8' };
  if (!candidate) return { variant: 'fp32' };
  const measured = await engine.request('compare', { reference, candidate, ...networkUse(manifest) });
  const trusted = measured.psnr >= LOWEST_PSNR && measured.candidate < measured.reference;
  return { variant: trusted ? 'int8' : 'fp32', measured };
}
