import type { RequestOutput } from '../../shared/engine-protocol.ts';
import type { VariantId } from '../../shared/models.ts';
import type { EngineConnection } from '../engine/engine-connection.ts';
import type { RegisteredModel } from './model-registry.ts';
import { sessionSpec } from './resolve-plan.ts';

/** Below this many dB between int8 and fp32, this processor is taken to compute int8 wrongly. */
const LOWEST_PSNR = 35;

export interface VariantChoice {
  variant: VariantId;
  /** What the self-test measured; absent if there was nothing to compare. */
  measured?: RequestOutput<'compare'>;
}

/** `auto`: int8 where this machine computes it right and faster than fp32, else fp32. */
export async function chooseVariant(
  model: RegisteredModel,
  engine: Pick<EngineConnection, 'request'>,
): Promise<VariantChoice> {
  const reference = sessionSpec(model, 'fp32', 'uint8', 1);
  const candidate = sessionSpec(model, 'int8', 'uint8', 1);
  if (!reference || !candidate) return { variant: reference ? 'fp32' : 'int8' };
  const { scale, receptiveRadius } = model.manifest;
  const measured = await engine.request('compare', { reference, candidate, scale, receptiveRadius });
  const trusted = measured.psnr >= LOWEST_PSNR && measured.candidate < measured.reference;
  return { variant: trusted ? 'int8' : 'fp32', measured };
}
