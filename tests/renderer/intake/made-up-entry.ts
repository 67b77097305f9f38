import type { Entry } from '../../../src/renderer/intake/intake-store.ts';

/** An entry that is ready, with whatever a test does not care about made up. */
export function madeUpEntry(wanted: Partial<Entry> = {}): Entry {
  return {
    ...{ key: 'entry-1', group: 1, name: 'one.jpg', folder: '', kind: 'picture' },
    ...{ bytes: 1000, state: 'ready', progress: 1 },
    ...wanted,
  };
}
