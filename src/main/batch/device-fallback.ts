import { EnlargerError, type ErrorCode } from '../../shared/errors.ts';
import type { Plan, SessionSpec } from '../../shared/plan.ts';

/** What a device may be to blame for: it is gone, or has too little memory even for small tiles, or its driver fails. */
const FAULTS: ReadonlySet<ErrorCode> = new Set(['inference-failed', 'model-invalid', 'out-of-memory']);

/**
 * Does `compute` by `plan`, and once more on the processor if the plan's device fails at it; `notes` say so. On the
 * processor at once where there is a reason to `avoid` the device. Throws what the processor fails with, too.
 */
export async function orOnProcessor<T>(
  plan: Plan,
  compute: (plan: Plan) => Promise<T>,
  avoid?: string,
): Promise<{ made: T; notes: string[] }> {
  const { provider } = plan.shallow;
  // Processors are faster with tiles that fit the picture.
  const { input: _, ...rest } = plan;
  const instead = async (reason: string) => ({
    made: await compute({ ...rest, shallow: onProcessor(plan.shallow), deep: onProcessor(plan.deep) }),
    notes: [`The processor computed this one, because ${provider} failed: ${reason}`],
  });
  if (provider !== 'cpu' && avoid !== undefined) return instead(avoid);
  try {
    return { made: await compute(plan), notes: [] };
  } catch (error) {
    if (provider === 'cpu' || !(error instanceof EnlargerError) || !FAULTS.has(error.code)) throw error;
    return instead(error.message);
  }
}

/** The same session on the processor. */
export function onProcessor({ device: _, devices: __, ...spec }: SessionSpec): SessionSpec {
  return { ...spec, provider: 'cpu' };
}
