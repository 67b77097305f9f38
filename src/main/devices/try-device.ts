import type { RequestOutput } from '../../shared/engine-protocol.ts';
import { asEnlargerError, cancelledError, EnlargerError } from '../../shared/errors.ts';
import type { VariantId } from '../../shared/models.ts';
import { networkUseOf, type Plan } from '../../shared/plan.ts';
import { onProcessor } from '../batch/device-fallback.ts';
import type { EngineHost } from '../engine/engine-host.ts';
import { TrialEngine } from '../models/trials/trial-engine.ts';
import { measureTile } from './card-memory.ts';
import type { Device } from './device-list.ts';
import { planOn } from './device-plan.ts';
import { type DeviceTrials, type Trial, trialKey } from './device-trials.ts';

/**
 * How far a device's result may be from the processor's with the same weights, or with those in float32 for half
 * precision: the largest difference in levels of 0..255, and dB of PSNR. One level is what rounding does.
 */
const TOLERANCE: Readonly<Record<VariantId, { worst: number; psnr: number }>> = {
  fp32: { worst: 1, psnr: 60 },
  fp16: { worst: 3, psnr: 45 },
  int8: { worst: 3, psnr: 45 },
};

/** Milliseconds: drivers compile for themselves, and some compile for every shape. */
const LIMIT = 90_000;

/** A device that takes longer than this, and so many times as long as one thread of the processor, is of no use. */
const SLOW = { milliseconds: 2_000, times: 10 };

interface DeviceTrialOptions {
  trials: DeviceTrials;
  host: EngineHost;
  /** Version of ONNX Runtime: another may compute otherwise. */
  runtime: string;
  signal?: AbortSignal | undefined;
  /** Milliseconds after which a trial is given up. */
  limit?: number;
}

/**
 * Enlarges the built-in picture with the session that `plan` has on `device`, in an engine of its own, and compares the
 * result with the processor's. `reference` is the same model's plan in float32. A card that passes and reports its memory
 * is given the tile of the plan then, smaller if need be (card-memory.ts). What is known already is not tried again.
 * Throws `cancelled`, of which nothing is remembered.
 */
export async function tryDevice(
  device: Device,
  { plan, reference }: { plan: Plan; reference: Plan },
  { trials, host, runtime, signal, limit = LIMIT }: DeviceTrialOptions,
): Promise<Trial> {
  const spec = planOn(device, plan).shallow;
  const key = trialKey(device, spec, runtime);
  const known = await trials.get(key);
  if (known) return known;
  if (signal?.aborted) throw cancelledError(signal);
  // What cannot be remembered is not tried: it might crash at every start.
  const unkept = await trials
    .begin(key)
    .catch((error: unknown) => asEnlargerError(error, 'permission-denied'));
  if (unkept) return { state: 'failed', reason: `what is found out cannot be kept (${unkept.message})` };
  let trial: Trial;
  try {
    await using trialEngine = new TrialEngine({ host, file: spec.file, limit, signal });
    const measured = await trialEngine.use((engine) =>
      engine.request('tryDevice', {
        reference: spec.variant === 'fp16' ? reference.deep : onProcessor(spec),
        candidate: spec,
        ...networkUseOf(plan),
      }),
    );
    trial = judge(measured, spec.variant);
    if (trial.state === 'passed') {
      const tilePixels = await measureTile(device, plan, { host, limit, signal });
      // What was asked of the card ends without an answer then.
      if (signal?.aborted) throw cancelledError(signal);
      if (tilePixels !== undefined) trial = { ...trial, tilePixels };
    }
  } catch (error) {
    const typed = asEnlargerError(error, 'internal');
    if (typed.code === 'cancelled') {
      await trials.forget(key);
      throw typed;
    }
    trial = { state: 'failed', reason: plainReason(typed, device, spec.file) };
  }
  // What is not kept is found out again, and what crashes is known from its beginning.
  await trials.end(key, trial).catch(() => {});
  return trial;
}

/** Whether what was measured is right, and how fast it was. What computes for others on the processor is refused. */
export function judge(
  { psnr, worst, reference, candidate, whole }: RequestOutput<'tryDevice'>,
  variant: VariantId,
): Trial {
  if (candidate > SLOW.milliseconds && candidate > SLOW.times * reference) {
    const times = Math.round(candidate / reference);
    return { state: 'failed', reason: `it takes ${times} times as long as the processor` };
  }
  const allowed = TOLERANCE[variant];
  // Not the other way round: what is no number is not right.
  if (psnr >= allowed.psnr && worst <= allowed.worst)
    return { state: 'passed', milliseconds: candidate, whole };
  const found = `${worst} of 255 levels apart, ${psnr.toFixed(1)} dB`;
  return { state: 'failed', reason: `it computes something else than the processor (${found})` };
}

/** What went wrong in words that say something: ONNX Runtime puts its own source files and functions in front. */
function plainReason(error: EnlargerError, device: Device, file: string): string {
  if (error.code === 'deadline-exceeded') return 'it did not answer in time';
  if (error.cause instanceof EnlargerError && error.cause.code === 'engine-died')
    return 'it crashed the engine';
  const message = (error.message.split('\n')[0] ?? '').replace(`${file}: `, '');
  if (device.provider === 'cuda' && /Failed to load (shared )?library/.test(message)) {
    return "ONNX Runtime's libraries for CUDA are not installed (docs/providers.md)";
  }
  return message.replace(/^ONNX Runtime cannot use this model: /, '').replace(/^.*was false\. /, '');
}
