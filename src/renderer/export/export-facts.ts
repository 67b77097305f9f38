import type { Export } from '../../shared/contract/exports.ts';

type Moved = Pick<Export, 'state' | 'filesDone' | 'filesTotal' | 'bytesDone' | 'bytesTotal'>;

/** How far an export is, 0 to 1, by its bytes. */
export function shareOf({ state, filesDone, filesTotal, bytesDone, bytesTotal }: Moved): number {
  if (state === 'done') return 1;
  const share = bytesTotal > 0 ? bytesDone / bytesTotal : filesDone / Math.max(1, filesTotal);
  return Math.min(1, share);
}

/** How far all that run are together; undefined where none does. */
export function runningShare(exports: Iterable<Moved>): number | undefined {
  const running = [...exports].filter(({ state }) => state === 'running');
  if (running.length === 0) return undefined;
  const sum = (of: (one: Moved) => number) => running.reduce((all, one) => all + of(one), 0);
  return shareOf({
    state: 'running',
    filesDone: sum(({ filesDone }) => filesDone),
    filesTotal: sum(({ filesTotal }) => filesTotal),
    bytesDone: sum(({ bytesDone }) => bytesDone),
    bytesTotal: sum(({ bytesTotal }) => bytesTotal),
  });
}

/** Exports that ran in `before` and have ended in `now`. */
export function endedSince(before: ReadonlyMap<number, Export>, now: ReadonlyMap<number, Export>): Export[] {
  return [...now.values()].filter(
    ({ id, state }) => state !== 'running' && before.get(id)?.state === 'running',
  );
}
