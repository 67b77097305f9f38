import type { VariantId } from '../../shared/models.ts';
import type { ProviderName } from '../../shared/network.ts';
import type { Plan, SessionSpec } from '../../shared/plan.ts';
import type { EngineConnection } from '../engine/engine-connection.ts';
import type { EngineHost } from '../engine/engine-host.ts';
import { describeMachine } from '../machine.ts';
import type { RegisteredModel } from '../models/model-registry.ts';
import { type PlanOptions, resolvePlan } from '../models/resolve-plan.ts';
import { type Device, devicesOf } from './device-list.ts';
import { planOn } from './device-plan.ts';
import { DeviceTrials, type Trial, trialKey } from './device-trials.ts';
import { type Card, graphicsCards } from './graphics-cards.ts';
import { tryDevice } from './try-device.ts';

export type Asked = Pick<EngineConnection, 'request'>;

interface DevicesOptions {
  /** The folder where this user's state is kept. */
  state: string;
  /** How engines are started for trials. */
  host: EngineHost;
}

interface FoundDevices {
  /** Version of ONNX Runtime, and the execution providers that it was built with. */
  runtime: string;
  providers: readonly ProviderName[];
  /** Best first. */
  devices: readonly Device[];
}

/** How a device does with a model; `plan`: as it computes it best. */
export interface TriedDevice {
  device: Device;
  plan: Plan;
  trial: Trial;
}

/**
 * The devices of this machine, and how they do with models. Disposing of it ends the trial that is going on, of which
 * nothing is remembered; those that wait for it fail with `cancelled`.
 */
export class Devices implements AsyncDisposable {
  readonly #trials: DeviceTrials;
  readonly #host: EngineHost;
  #cards: Promise<Card[]> | undefined;
  #found: Promise<FoundDevices> | undefined;
  /** The trial that is going on, and those that wait for it: two at once would measure each other. */
  #trying: Promise<unknown> = Promise.resolve();
  /** The trial in its engine, which ends soon once `#closing` is aborted. */
  #trial: Promise<unknown> = Promise.resolve();
  readonly #closing = new AbortController();

  constructor({ state, host }: DevicesOptions) {
    this.#trials = new DeviceTrials(state);
    this.#host = host;
  }

  /** Whether there is anything but the processor. */
  async hasCards(): Promise<boolean> {
    return (await this.#listCards()).length > 0;
  }

  /** What there is. Found out once. */
  find(engine: Asked): Promise<FoundDevices> {
    this.#found ??= this.#find(engine);
    // An engine that died is asked again.
    this.#found.catch(() => {
      this.#found = undefined;
    });
    return this.#found;
  }

  /**
   * How `device` does with `model`, which is tried the first time: with each of the variants that suit it, of which the
   * fastest that is right counts. Undefined where the model has none of them.
   */
  try(
    device: Device,
    model: RegisteredModel,
    options: ChoiceOptions,
    engine: Asked,
  ): Promise<TriedDevice | undefined> {
    const tried = this.#trying.then(() => this.#try(device, model, options, engine));
    this.#trying = tried.catch(() => {});
    return tried;
  }

  /** The same as far as it is known: nothing is tried. */
  async known(
    device: Device,
    model: RegisteredModel,
    options: ChoiceOptions,
    engine: Asked,
  ): Promise<TriedDevice | undefined> {
    const { runtime } = await this.find(engine);
    const known: TriedDevice[] = [];
    // What of the processor is compared with others is its best variant, which may be int8.
    const own = device.provider === 'cpu' && options.variant === 'auto';
    const wishes = own ? model.manifest.variants.map(({ id }) => ({ ...options, variant: id })) : [options];
    for (const plan of wishes.flatMap((wish) => this.#plans(device, model, wish))) {
      const trial = await this.#trials.get(trialKey(device, planOn(device, plan).shallow, runtime));
      if (trial) known.push(placed(device, plan, trial));
    }
    return fastest(known);
  }

  /** Forgets how `device` did: it is tried again when somebody asks. */
  forget({ id }: Device): Promise<void> {
    return this.#trials.forget(`${id}/`);
  }

  /**
   * That the cards of `spec` have memory for tiles of at most so many pixels: later plans have no larger ones. Of the
   * processor nothing is kept: its memory is everybody's, and may be free the next time.
   */
  async keepTile(spec: SessionSpec, pixels: number, engine: Asked): Promise<void> {
    if (spec.provider === 'cpu') return;
    const { runtime, devices } = await this.find(engine);
    const numbers = spec.devices ?? [spec.device];
    const cards = devices.filter(
      ({ provider, index }) => provider === spec.provider && numbers.includes(index),
    );
    for (const card of cards) await this.#trials.keepTile(trialKey(card, spec, runtime), pixels);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#trial;
  }

  #plans(
    { provider }: Device,
    model: RegisteredModel,
    { variant, signal: _, ...options }: ChoiceOptions,
  ): Plan[] {
    const wanted = variant === 'auto' ? FLOAT_VARIANTS[provider === 'cpu' ? 'processor' : 'card'] : [variant];
    const variants = wanted.filter((id) => model.manifest.variants.some((each) => each.id === id));
    return variants.map((each) => resolvePlan(model, { ...options, variant: each }));
  }

  async #try(
    device: Device,
    model: RegisteredModel,
    options: ChoiceOptions,
    engine: Asked,
  ): Promise<TriedDevice | undefined> {
    const { runtime } = await this.find(engine);
    const closing = this.#closing.signal;
    const signal = options.signal ? AbortSignal.any([options.signal, closing]) : closing;
    const means = { trials: this.#trials, host: this.#host, runtime, signal };
    const tried: TriedDevice[] = [];
    for (const plan of this.#plans(device, model, options)) {
      const reference = plan.shallow.variant === 'fp16' ? floatPlan(model, options) : plan;
      const trial = tryDevice(device, { plan, reference: reference ?? plan }, means);
      this.#trial = trial.catch(() => {});
      tried.push(placed(device, plan, await trial));
    }
    return fastest(tried);
  }

  async #find(engine: Asked): Promise<FoundDevices> {
    const [{ version, providers }, cards] = await Promise.all([
      engine.request('examineRuntime', {}),
      this.#listCards(),
    ]);
    const devices = devicesOf(providers, cards, describeMachine().processor);
    return { runtime: version, providers, devices };
  }

  #listCards(): Promise<Card[]> {
    this.#cards ??= graphicsCards(describeMachine().processor);
    return this.#cards;
  }
}

export interface ChoiceOptions extends Omit<PlanOptions, 'variant'> {
  variant: VariantId | 'auto';
  signal?: AbortSignal | undefined;
}

/** What is compared between devices. Half precision is for graphics processors: others compute it in float32. */
const FLOAT_VARIANTS: Readonly<Record<'processor' | 'card', readonly VariantId[]>> = {
  processor: ['fp32'],
  card: ['fp16', 'fp32'],
};

function placed(device: Device, plan: Plan, trial: Trial): TriedDevice {
  const tilePixels = trial.state === 'passed' ? trial.tilePixels : undefined;
  return { device, plan: planOn(device, plan, tilePixels), trial };
}

/** The first of equals, and where none has passed. */
export function fastest(tried: readonly TriedDevice[]): TriedDevice | undefined {
  return tried.reduce<TriedDevice | undefined>(
    (best, each) => (best && millisecondsOf(best.trial) <= millisecondsOf(each.trial) ? best : each),
    undefined,
  );
}

/** For the built-in picture; infinitely many where the trial failed. */
export function millisecondsOf(trial: Trial): number {
  return trial.state === 'passed' ? trial.milliseconds : Number.POSITIVE_INFINITY;
}

function floatPlan(model: RegisteredModel, { signal: _, ...options }: ChoiceOptions): Plan | undefined {
  const has = model.manifest.variants.some(({ id }) => id === 'fp32');
  return has ? resolvePlan(model, { ...options, variant: 'fp32' }) : undefined;
}
