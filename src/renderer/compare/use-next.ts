import { useMemo } from 'react';
import { useIntake } from '../intake/intake-store.ts';
import { useLibrary } from '../stores/library-store.ts';
import { useView } from '../stores/view-store.ts';
import type { Want } from './bitmap-loader.ts';
import { neighbour, photosInOrder } from './order.ts';
import { firstLooks } from './scene.ts';

/** `coming`, and the first looks at the photographs on either side: one of them is probably looked at next. */
export function useNext(coming: readonly Want[]): readonly Want[] {
  const current = useView((view) => view.current);
  const filter = useView((view) => view.filter);
  const shown = useLibrary((library) => library.shown);
  const files = useLibrary((library) => library.files);
  const entries = useIntake((intake) => intake.entries);
  const photos = useMemo(
    () => photosInOrder({ shown, files, entries, filter }),
    [shown, files, entries, filter],
  );
  return useMemo(() => {
    const beside = ([1, -1] as const).flatMap((direction) => {
      const photo = neighbour(photos, current, direction);
      const file = typeof photo === 'number' ? files.get(photo) : undefined;
      // Transparent pictures are not shown from previews.
      if (!file?.facts || file.facts.alpha) return [];
      return firstLooks(file.id, file.state === 'done' ? file.result?.sha256 : undefined);
    });
    return [...coming, ...beside];
  }, [photos, files, current, coming]);
}
