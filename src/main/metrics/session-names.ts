import type { ModelRegistry } from '../models/model-registry.ts';

/** What computes where no session says otherwise. */
const PROVIDER = 'cpu';

/** What people call the sessions of an engine, by the part of their key that says which weights they hold. */
export function sessionNames({ models }: Pick<ModelRegistry, 'models'>): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { manifest } of models.values()) {
    for (const { id, entries } of manifest.variants) {
      for (const { sha256, dtype } of entries) names.set(sha256, `${manifest.id} ${id} ${dtype}`);
    }
  }
  return names;
}

/** The weights of a session, by its key. */
export function weightsOf(key: string): string {
  return key.split('/')[0] ?? key;
}

/** What computes the networks, by the keys of the sessions that are resident. */
export function providerOf(keys: readonly string[]): string {
  return (keys[0]?.split('/')[1] ?? PROVIDER).toUpperCase();
}
