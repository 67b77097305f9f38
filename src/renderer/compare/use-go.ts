import { useCallback } from 'react';
import { useIntake } from '../intake/intake-store.ts';
import { useLibrary } from '../stores/library-store.ts';
import { useView } from '../stores/view-store.ts';
import { neighbour, photosInOrder } from './order.ts';

/** Looks at the photograph before or after the one that is looked at. */
export function useGo(): (direction: 1 | -1) => void {
  return useCallback((direction) => {
    const { shown, files } = useLibrary.getState();
    const { entries } = useIntake.getState();
    const { current, filter, look } = useView.getState();
    const next = neighbour(photosInOrder({ shown, files, entries, filter }), current, direction);
    if (next !== undefined) look(next);
  }, []);
}
