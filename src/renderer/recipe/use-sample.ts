import { useShallow } from 'zustand/shallow';
import { baseName } from '../components/file-names.ts';
import { type Entry, useIntake } from '../intake/intake-store.ts';
import { useLibrary } from '../stores/library-store.ts';
import { useView } from '../stores/view-store.ts';
import type { Sample } from './name-preview.ts';

/** The photograph that names are shown for: the one looked at, else the first there is; undefined where there is none. */
export function useSample(): Sample | undefined {
  const current = useView((view) => view.current);
  const entry = useIntake(({ entries }) => {
    const isPicture = ({ kind, state }: Entry) => kind === 'picture' && state !== 'refused';
    const looked = entries.find((one) => one.key === current && isPicture(one));
    return (looked ?? entries.find(isPicture))?.name;
  });
  const file = useLibrary(
    useShallow(({ files }) => {
      const found = typeof current === 'number' ? files.get(current) : undefined;
      const { source, facts } = found ?? files.values().next().value ?? {};
      return { source, facts };
    }),
  );
  const wanted = typeof current === 'number' || entry === undefined ? file : undefined;
  if (wanted?.source === undefined) return entry === undefined ? undefined : { name: entry };
  return { name: baseName(wanted.source), ...(wanted.facts ? { facts: wanted.facts } : {}) };
}
