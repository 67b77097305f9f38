import { useMemo, useRef } from 'react';
import { useIntake } from '../intake/intake-store.ts';
import { useLibrary } from '../stores/library-store.ts';
import { useView } from '../stores/view-store.ts';
import { areSameRows, type Row, rowsOf } from './rows.ts';

/** The lines of the strip; the same object as long as they are the same lines. */
export function useRows(): readonly Row[] {
  const shown = useLibrary((library) => library.shown);
  const files = useLibrary((library) => library.files);
  const entries = useIntake((intake) => intake.entries);
  const filter = useView((view) => view.filter);
  const last = useRef<readonly Row[]>([]);
  return useMemo(() => {
    const rows = rowsOf({ shown, files }, entries, filter);
    if (!areSameRows(rows, last.current)) last.current = rows;
    return last.current;
  }, [shown, files, entries, filter]);
}
