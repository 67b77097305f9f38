import { useLayoutEffect } from 'react';
import { useIntake } from '../intake/intake-store.ts';
import { useLibrary } from '../stores/library-store.ts';
import { useSession } from '../stores/session-store.ts';
import { useView } from '../stores/view-store.ts';
import { photosInOrder } from './order.ts';
import { type Subject, scaleOf } from './subject.ts';

/** What is looked at; undefined while there is nothing. */
export function useSubject(): Subject | undefined {
  useSomething();
  const current = useView((view) => view.current);
  const file = useLibrary(({ files }) => (typeof current === 'number' ? files.get(current) : undefined));
  const scale = useLibrary(({ batches }) => file && scaleOf(batches.get(file.batchId)?.recipe));
  const entry = useIntake(({ entries }) => entries.find(({ key }) => key === current));
  const planned = usePlannedScale();
  if (file) return { kind: 'file', file, scale: scale ?? planned };
  return entry && { kind: 'entry', entry, scale: planned };
}

/** As many times larger as the next batch makes its pictures. */
function usePlannedScale(): number {
  const { models, settings } = useSession();
  return models.find(({ id }) => id === settings.recipe.model)?.scale ?? 2;
}

/** Looks at the first photograph where nothing is looked at, or what was is gone. */
function useSomething(): void {
  const current = useView((view) => view.current);
  const entries = useIntake((intake) => intake.entries);
  const shown = useLibrary((library) => library.shown);
  const files = useLibrary((library) => library.files);
  const gone =
    current === undefined ||
    (typeof current === 'number' ? !files.has(current) : entries.every(({ key }) => key !== current));
  useLayoutEffect(() => {
    if (!gone) return;
    const [first] = photosInOrder({ shown, files, entries, filter: 'all' });
    if (first !== current) useView.getState().look(first);
  }, [gone, current, shown, files, entries]);
}
