import { type PhotoKey, useView } from '../stores/view-store.ts';
import { type Entry, entryOf, useIntake } from './intake-store.ts';
import { canShow } from './judge.ts';
import type { Found } from './read-drop.ts';

/** What the browser holds of entries, by key. */
export const entryFiles = new Map<string, Found>();

/**
 * The one picture that is shown straight from what the browser holds: that of the photograph that is looked at. A
 * browser keeps what has such an address in memory; so there is never a second one.
 */
let shown: { photo: PhotoKey; url: string; file: File } | undefined;

/** Keeps `Entry.picture`, and what is `kept`, to what is looked at, until it is told to stop. */
export function followCurrent(): () => void {
  show(useView.getState().current);
  return useView.subscribe(({ current }, before) => {
    if (current !== before.current) show(current);
  });
}

function show(current: PhotoKey | undefined): void {
  if (shown?.photo === current) return;
  release();
  const found = typeof current === 'string' ? entryFiles.get(current) : undefined;
  if (typeof current !== 'string' || !found || !canShow(found.file.name)) return;
  const url = URL.createObjectURL(found.file);
  shown = { photo: current, url, file: found.file };
  setPicture(current, url);
}

/** An entry has become a file of the journal: what is shown of it stays, until another is looked at. */
export function handOver({ key }: Entry, fileId: number): void {
  if (shown?.photo !== key) return;
  shown = { ...shown, photo: fileId };
  useIntake.setState({ kept: { fileId, picture: shown.url } });
}

/** What is behind the address that a picture is shown from: it is decoded sooner, and beside the page, from here. */
export function fileAt(picture: string): File | undefined {
  return shown?.url === picture ? shown.file : undefined;
}

function release(): void {
  if (!shown) return;
  const { photo, url } = shown;
  shown = undefined;
  if (typeof photo === 'string' && entryOf(photo)) setPicture(photo, undefined);
  useIntake.setState(({ kept }) => (kept ? { kept: undefined } : {}));
  URL.revokeObjectURL(url);
}

function setPicture(key: string, picture: string | undefined): void {
  useIntake.setState(({ entries }) => ({
    entries: entries.map((entry) => {
      if (entry.key !== key) return entry;
      const { picture: _, ...rest } = entry;
      return picture === undefined ? rest : { ...rest, picture };
    }),
  }));
}
