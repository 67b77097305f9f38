import type { Download, OfferedModel } from '../../shared/contract/catalogue.ts';

/** What an offered model is in the middle of. */
export type OfferedState =
  | { kind: 'absent' }
  | { kind: 'here' }
  | { kind: 'checking' }
  | { kind: 'partial'; bytesDone: number; bytesTotal: number }
  | { kind: 'downloading'; bytesDone: number; bytesTotal: number };

/**
 * How things stand with an offered model: `model` as the catalogue said it, `download` as it has been told since. What is
 * told of a download that goes on is newer; where one has ended, the catalogue knows what is left of it.
 */
export function offeredState(model: OfferedModel, download: Download | undefined): OfferedState {
  if (download?.state === 'checking') return { kind: 'checking' };
  if (download?.state === 'downloading') {
    const { bytesDone, bytesTotal } = download;
    return { kind: 'downloading', bytesDone, bytesTotal };
  }
  const { bytesDone, bytes: bytesTotal, state } = model;
  if (state === 'absent' || state === 'here') return { kind: state };
  if (download?.state === 'done') return { kind: 'here' };
  if (state === 'partial' || download) return { kind: 'partial', bytesDone, bytesTotal };
  return { kind: 'downloading', bytesDone, bytesTotal };
}

/** Downloads that were going on before, and are not any more. */
export function endedDownloads(
  before: ReadonlyMap<string, Download>,
  now: ReadonlyMap<string, Download>,
): Download[] {
  const goesOn = (download: Download | undefined) =>
    download?.state === 'downloading' || download?.state === 'checking';
  return [...now.values()].filter((download) => goesOn(before.get(download.id)) && !goesOn(download));
}

/** Where a file is fetched from, as people say it: the host alone. */
export function hostOf(address: string): string {
  return URL.parse(address)?.host ?? address;
}
