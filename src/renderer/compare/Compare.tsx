import { EmptyPlace } from '../intake/EmptyPlace.tsx';
import { CompareView } from './CompareView.tsx';
import { useSubject } from './use-subject.ts';

/** The picture that is looked at, before and after. */
export function Compare() {
  const subject = useSubject();
  return subject ? <CompareView subject={subject} /> : <EmptyPlace />;
}
