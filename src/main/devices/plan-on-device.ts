import type { VariantId } from '../../shared/models.ts';
import type { Plan } from '../../shared/plan.ts';
import type { EngineConnection } from '../engine/engine-connection.ts';
import type { RegisteredModel } from '../models/model-registry.ts';
import { resolvePlan } from '../models/resolve-plan.ts';
import { chooseDevice } from './choose-device.ts';
import type { ChoiceOptions, Devices } from './devices.ts';

interface PlanWishes extends ChoiceOptions {
  /** As `findDevices` takes it. */
  device: string;
  /** Tiles that the processor computes at once. */
  workers: number;
}

interface PlanMeans {
  devices: Devices;
  engine: Pick<EngineConnection, 'request'>;
  /** What `auto` is on the processor. */
  variantOf(model: RegisteredModel): Promise<VariantId>;
}

interface PlannedDevice {
  plan: Plan;
  /** What a user may want to know: devices that are not used, and why. */
  refused: string[];
  /** What results are to say: that the device which was asked for has not computed them. */
  notes: string[];
}

/** The plan for `model` on the device that is wished for, or on the processor. Throws `bad-argument` as `chooseDevice`. */
export async function planOnDevice(
  model: RegisteredModel,
  { device: wanted, workers, ...options }: PlanWishes,
  { devices, engine, variantOf }: PlanMeans,
): Promise<PlannedDevice> {
  const processor = async () => {
    const { signal: _, ...plain } = options;
    const variant = options.variant === 'auto' ? await variantOf(model) : options.variant;
    return resolvePlan(model, { ...plain, variant });
  };
  if (wanted === 'cpu' || (wanted === 'auto' && !(await devices.hasCards()))) {
    return { plan: await processor(), refused: [], notes: [] };
  }
  const choice = { ...options, workers, processor };
  const { plan, refused } = await chooseDevice(model, wanted, choice, { devices, engine });
  const fallen = wanted !== 'auto' && plan.shallow.provider === 'cpu';
  const notes = fallen ? refused.map((reason) => `${reason} The processor computed instead.`) : [];
  return { plan, refused, notes };
}
