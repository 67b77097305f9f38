import type { FileRecord } from '../../shared/jobs.ts';
import type { Entry } from '../intake/intake-store.ts';
import { filesOf } from '../stores/library-store.ts';
import { type Filter, type PhotoKey, STATES_OF } from '../stores/view-store.ts';

interface Photos {
  shown: readonly number[];
  files: ReadonlyMap<number, FileRecord>;
  entries: readonly Entry[];
  filter: Filter;
}

/** The photographs that can be looked at one after the other. */
export function photosInOrder({ shown, files, entries, filter }: Photos): PhotoKey[] {
  const states = filter === 'all' ? undefined : new Set(STATES_OF[filter]);
  const listed = shown
    .flatMap((batchId) => filesOf(files, batchId))
    .filter(({ state }) => !states || states.has(state));
  return [...listed.map(({ id }) => id), ...(states ? [] : entries.map(({ key }) => key))];
}

/** The photograph beside `current`; undefined at either end. */
export function neighbour(
  photos: readonly PhotoKey[],
  current: PhotoKey | undefined,
  direction: 1 | -1,
): PhotoKey | undefined {
  const index = current === undefined ? -1 : photos.indexOf(current);
  return index < 0 ? photos[0] : photos[index + direction];
}
