import { env, listSupportedBackends } from 'onnxruntime-node';
import { EnlargerError } from '../../shared/errors.ts';
import { type ProviderName, providerSchema } from '../../shared/network.ts';
import type { SessionSpec } from '../../shared/plan.ts';
import { openSession } from './open-session.ts';

export interface Runtime {
  /** Version of ONNX Runtime. */
  version: string;
  /** Execution providers that it was built with. Whether they work here, only trying tells. */
  providers: ProviderName[];
}

export function examineRuntime(): Runtime {
  const names = listSupportedBackends().map(({ name }) => name);
  const providers = providerSchema.options.filter((name) => names.includes(name));
  return { version: env.versions.node ?? env.versions.common, providers };
}

/**
 * Whether the provider of `spec` computes all of `model`, the ONNX file: what it cannot do would be left to the processor,
 * and take twice the way over the bus. Throws what else is wrong with it.
 */
export async function isComputedWholly(spec: SessionSpec, model: Uint8Array): Promise<boolean> {
  if (spec.provider === 'cpu') return true;
  try {
    const session = await openSession(spec, model, { wholly: true });
    await session.release();
    return true;
  } catch (error) {
    if (error instanceof EnlargerError && SAYS_PARTLY.test(error.message)) return false;
    throw error;
  }
}

/** What ONNX Runtime says then, which has no code for it. */
const SAYS_PARTLY = /fallback to CPU EP has been explicitly disabled/i;
