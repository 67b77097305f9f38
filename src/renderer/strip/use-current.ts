import { useEffect, useRef } from 'react';
import { type Entry, useIntake } from '../intake/intake-store.ts';
import type { Library } from '../stores/library.ts';
import { useLibrary } from '../stores/library-store.ts';
import { type PhotoKey, useView } from '../stores/view-store.ts';
import { photosOf, rowsOf } from './rows.ts';

type Listed = Pick<Library, 'shown' | 'files'> & { entries: readonly Entry[] };

/** Something is looked at as long as there is anything; where it goes, its neighbour takes its place. */
export function useCurrent(): void {
  const files = useLibrary((library) => library.files);
  const shown = useLibrary((library) => library.shown);
  const entries = useIntake((intake) => intake.entries);
  const current = useView((view) => view.current);
  const before = useRef<Listed>({ shown: [], files: new Map(), entries: [] });
  useEffect(() => {
    const { selected, look, select } = useView.getState();
    const now = { shown, files, entries };
    const isThere = thereIn(now);
    if (current !== undefined && isThere(current)) {
      const left = [...selected].filter(isThere);
      if (left.length < selected.size) select(left);
    } else {
      const next = neighbour(before.current, current, isThere) ?? firstOf(now);
      if (next !== current) look(next);
    }
    before.current = now;
  }, [files, shown, entries, current]);
}

function thereIn({ files, entries }: Listed): (photo: PhotoKey) => boolean {
  return (photo) => (typeof photo === 'number' ? files.has(photo) : entries.some(({ key }) => key === photo));
}

/** What stood next to `gone` and is there still, what came after it first. */
function neighbour(
  before: Listed,
  gone: PhotoKey | undefined,
  isThere: (photo: PhotoKey) => boolean,
): PhotoKey | undefined {
  if (gone === undefined) return undefined;
  const photos = photosOf(rowsOf(before, before.entries, 'all'));
  const index = photos.indexOf(gone);
  if (index < 0) return undefined;
  return photos.slice(index + 1).find(isThere) ?? photos.slice(0, index).findLast(isThere);
}

/** The first photograph of the latest batch, or else the first entry. */
function firstOf({ files, shown, entries }: Listed): PhotoKey | undefined {
  const last = shown.at(-1);
  const own = files.values().filter(({ batchId }) => batchId === last);
  return (
    own.reduce<{ id: number; position: number } | undefined>((first, file) => {
      return first && first.position <= file.position ? first : file;
    }, undefined)?.id ?? entries[0]?.key
  );
}
