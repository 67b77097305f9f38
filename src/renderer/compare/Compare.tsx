import { EmptyPlace } from '../intake/EmptyPlace.tsx';
import { useLibrary } from '../stores/library-store.ts';
import { CompareView } from './CompareView.tsx';
import { useSubject } from './use-subject.ts';

/** The picture that is looked at, before and after. */
export function Compare() {
  const subject = useSubject();
  const loaded = useLibrary((library) => library.loaded);
  if (subject) return <CompareView subject={subject} />;
  return loaded ? <EmptyPlace /> : null;
}
