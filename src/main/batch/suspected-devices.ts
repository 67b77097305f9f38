import type { LeasedFile } from '../jobs/job-store.ts';

/** A file in work, and what tells whether its plan's device is to be blamed. */
type Suspect = Pick<LeasedFile, 'id' | 'strikes' | 'plan'>;

/**
 * The devices that a run no longer uses, because the engine died while one file was alone in work there: a driver may have
 * crashed it. That file is tried on the processor; if the engine dies over it there, too, the device has been innocent.
 */
export class SuspectedDevices {
  /** How the engine died, by the file that was on the device. */
  readonly #deaths = new Map<number, { device: string; detail: string }>();

  /** Why the processor is to compute `file` instead of its plan's device; undefined where it is not. */
  reasonToAvoid({ strikes, plan }: Suspect): string | undefined {
    const device = deviceOf(plan);
    if (device === undefined) return undefined;
    for (const death of this.#deaths.values()) if (death.device === device) return reasonOf(death.detail);
    // An earlier run of the program may have seen that.
    return strikes > 0 ? reasonOf() : undefined;
  }

  /** The engine died over `file`, which was alone; `avoided`: the processor computed it. */
  died({ id, plan }: Suspect, detail: string, avoided: boolean): void {
    const device = deviceOf(plan);
    if (device === undefined) return;
    if (avoided) this.#deaths.delete(id);
    else this.#deaths.set(id, { device, detail });
  }
}

/** Undefined for the processor. Several cards that compute together are one device. */
function deviceOf({ shallow: { provider, device, devices } }: Suspect['plan']): string | undefined {
  return provider === 'cpu' ? undefined : JSON.stringify([provider, device, devices]);
}

function reasonOf(detail?: string): string {
  return `the engine died while it computed${detail === undefined ? '' : ` (${detail})`}`;
}
