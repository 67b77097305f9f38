import type { Plan } from '../../shared/plan.ts';
import type { RegisteredModel } from '../models/model-registry.ts';
import { type Device, findDevices, isTogether } from './device-list.ts';
import { planOnAll } from './device-plan.ts';
import type { Trial } from './device-trials.ts';
import {
  type Asked,
  type ChoiceOptions,
  type Devices,
  fastest,
  millisecondsOf,
  type TriedDevice,
} from './devices.ts';

interface DeviceChoice {
  plan: Plan;
  /** What computes: one device, or several cards of a kind; empty where the processor does that was not tried. */
  used: Device[];
  /** Devices that are not used though they were meant, and why, in words. */
  refused: string[];
}

/** Drivers are installed, and mended. */
const AGAIN = "To try it again: 'enlarger doctor --again'.";

/**
 * The plan for `model` on the device that `wanted` means (device-list.ts): where it means several, the fastest that
 * computes the same as the processor, or all cards of the fastest kind where it means them together; the processor where
 * none does. `processor` makes the plan that the processor has, which computes `workers` tiles at once. Throws
 * `bad-argument` for a device that there is not.
 */
export async function chooseDevice(
  model: RegisteredModel,
  wanted: string,
  options: ChoiceOptions & { workers: number; processor(): Promise<Plan> },
  { devices, engine }: { devices: Devices; engine: Asked },
): Promise<DeviceChoice> {
  const { processor, workers, ...plan } = options;
  const found = findDevices((await devices.find(engine)).devices, wanted);
  const own = found.find(({ provider }) => provider === 'cpu');
  const tried: TriedDevice[] = [];
  for (const device of found) {
    const one = device === own ? undefined : await devices.try(device, model, plan, engine);
    if (one) tried.push(one);
  }
  const failed = tried.flatMap(({ device, trial }) =>
    trial.state === 'failed' ? [`${named(device)} is not used: ${trial.reason}. ${AGAIN}`] : [],
  );
  const passed = tried.filter(({ trial }) => trial.state === 'passed');
  const [best, ...more] = isTogether(wanted) ? cardsTogether(passed, workers) : bestAlone(passed);
  const onProcessor = async () => ({ plan: await processor(), used: own ? [own] : [], refused: failed });
  if (!best) return onProcessor();
  const used = [best, ...more].map(({ device }) => device);
  const refused = isTogether(wanted) ? [...failed, ...leftOut(passed, used, workers)] : failed;
  const choice = { plan: planOnAll([best.plan, ...more.map((each) => each.plan)]), used, refused };
  if (!own) return choice;
  const alone = await onProcessor();
  const { variant } = alone.plan.shallow;
  const measured = await devices.try(own, model, { ...plan, variant }, engine);
  return measured && isFaster(measured.trial, workers, best.trial) ? alone : choice;
}

/**
 * Which of `found` the wish `wanted` means, as far as is known: `chooseDevice` without trying anything. What has not been
 * tried counts as working; of several such, the first does. The processor where there is nothing else.
 */
export function meantDevices(
  found: readonly { device: Device; tried: TriedDevice | undefined }[],
  wanted: string,
  workers: number,
): Device[] {
  const all = found.map(({ device }) => device);
  const own = all.filter(({ provider }) => provider === 'cpu');
  const meant = wanted === 'cpu' ? own : findKnown(all, wanted);
  const working = found.filter(
    ({ device, tried }) => meant.includes(device) && !own.includes(device) && tried?.trial.state !== 'failed',
  );
  const untried = working.find(({ tried }) => !tried);
  if (untried) return [untried.device];
  const passed = working.flatMap(({ tried }) => tried ?? []);
  const used = isTogether(wanted) ? cardsTogether(passed, workers) : bestAlone(passed);
  const [best] = used;
  if (!best) return own;
  const measured = found.find(({ device }) => own.includes(device) && meant.includes(device))?.tried;
  if (measured && isFaster(measured.trial, workers, best.trial)) return own;
  return used.map(({ device }) => device);
}

/** None where there is no such device any more. */
function findKnown(devices: readonly Device[], wanted: string): Device[] {
  try {
    return findDevices(devices, wanted);
  } catch {
    return [];
  }
}

/** Whether a processor that computes `workers` tiles at once gets through more of them than a graphics processor. */
export function isFaster(processor: Trial, workers: number, graphics: Trial): boolean {
  return millisecondsOf(processor) / workers < millisecondsOf(graphics);
}

/**
 * Of the cards that passed, those of one kind that get through most together; one a worker at most. Only cards of one kind
 * round alike, so that a picture is the same whichever of them computed which of its tiles.
 */
export function cardsTogether(passed: readonly TriedDevice[], workers: number): TriedDevice[] {
  const kinds = [...Map.groupBy(passed, kindOf).values()].map((cards) => cards.slice(0, workers));
  const speed = (cards: readonly TriedDevice[]) =>
    cards.length / Math.max(...cards.map(({ trial }) => millisecondsOf(trial)));
  return kinds.reduce<TriedDevice[]>((best, cards) => {
    return best.length > 0 && speed(best) >= speed(cards) ? best : cards;
  }, []);
}

function kindOf({ device, plan }: TriedDevice): string {
  const { id, provider, name, driver, ambiguous } = device;
  return JSON.stringify([provider, name, driver, plan.shallow.sha256, ...(ambiguous ? [id] : [])]);
}

function bestAlone(passed: readonly TriedDevice[]): TriedDevice[] {
  const best = fastest(passed);
  return best ? [best] : [];
}

/** Says of each card that passed and does not work with the others why not. */
function leftOut(passed: readonly TriedDevice[], used: readonly Device[], workers: number): string[] {
  const [first] = used;
  return passed.flatMap(({ device }) => {
    if (!first || used.includes(device) || device.provider !== first.provider) return [];
    const alike = device.name === first.name && device.driver === first.driver;
    const reason =
      alike && used.length >= workers
        ? `there are only ${workers} workers (--workers) to keep cards busy`
        : `it computes alone or with its like, and ${named(first)} is faster`;
    return [`${named(device)} is not used: ${reason}.`];
  });
}

const named = ({ name, id }: Device) => `${name} (${id})`;
