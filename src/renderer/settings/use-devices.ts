import { useCallback, useEffect, useState } from 'react';
import type { DeviceState } from '../../shared/contract/devices.ts';
import { useSession } from '../stores/session-store.ts';

/** What there is to compute on, and how it does with the recipe's model; nothing as long as main has not said so. */
export function useDevices(): { devices: readonly DeviceState[]; again(): void } {
  const { client, settings } = useSession();
  const { model } = settings.recipe;
  const [devices, setDevices] = useState<readonly DeviceState[]>([]);
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    // Where it fails, the engine is in trouble, and that is said elsewhere.
    client.devices.list({ model }, { signal: stop.signal }).then(
      (found) => !stop.signal.aborted && setDevices(found),
      () => {},
    );
    return () => stop.abort();
  }, [client, model, asked]);
  return { devices, again: useCallback(() => setAsked((times) => times + 1), []) };
}
