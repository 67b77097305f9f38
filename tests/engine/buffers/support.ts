import { setImmediate } from 'node:timers/promises';
import { vi } from 'vitest';
import { ImageBufferPool } from '../../../src/engine/buffers/image-buffer-pool.ts';
import type { Lease } from '../../../src/engine/buffers/lease.ts';
import { EnlargerError } from '../../../src/shared/errors.ts';

/** Two slots of 100 bytes, one of 300, and 500 bytes of room for one-offs. */
export const SHAPE = {
  classes: [
    { byteLength: 300, slots: 1 },
    { byteLength: 100, slots: 2 },
  ],
  budgetBytes: 1000,
};

export function makePool(shape: ConstructorParameters<typeof ImageBufferPool>[0] = SHAPE): ImageBufferPool {
  return new ImageBufferPool(shape);
}

/** Lets every promise that is due settle: all microtasks run before the event loop turns. */
export async function settled(): Promise<void> {
  await setImmediate();
}

/** The fate of a promised lease, readable at any moment. */
export interface Fate {
  lease: Lease | undefined;
  error: EnlargerError | undefined;
  /** 'waiting', 'lease' or the code of the error. */
  readonly state: string;
}

export function watch(promise: Promise<Lease>): Fate {
  const fate: Fate = {
    lease: undefined,
    error: undefined,
    get state() {
      return fate.error?.code ?? (fate.lease ? 'lease' : 'waiting');
    },
  };
  promise.then(
    (lease) => {
      fate.lease = lease;
    },
    (error: unknown) => {
      if (!(error instanceof EnlargerError)) throw error;
      fate.error = error;
    },
  );
  return fate;
}

/** The states of `fates` once everything due has settled. */
export async function states(...fates: Fate[]): Promise<string[]> {
  await settled();
  return fates.map(({ state }) => state);
}

/** The lease of a fate that has one. */
export function leaseOf({ lease, state }: Fate): Lease {
  if (lease) return lease;
  throw new Error(`Expected a lease but the request is: ${state}`);
}

/** What `tryAcquire` must give here. */
export function take(pool: ImageBufferPool, byteLength: number): Lease {
  const lease = pool.tryAcquire(byteLength);
  if (lease) return lease;
  throw new Error(`Expected ${byteLength} bytes to be had at once`);
}

/** The code of the typed error that `act` throws. */
export function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof EnlargerError) return error.code;
    throw error;
  }
  return 'nothing thrown';
}

/** Fakes what the pool's time-outs use, and nothing that `settled` needs. */
export function fakeTimeouts(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
}
