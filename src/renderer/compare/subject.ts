import type { FileRecord } from '../../shared/jobs.ts';
import { baseName } from '../components/file-names.ts';
import type { Entry } from '../intake/intake-store.ts';
import { isInWork } from '../stores/library.ts';

/** What is looked at. */
export type Subject =
  | { kind: 'file'; file: FileRecord; scale: number }
  | { kind: 'entry'; entry: Entry; scale: number };

/** How many times larger a batch makes its pictures; undefined if its recipe does not say. */
export function scaleOf(recipe: unknown): number | undefined {
  if (typeof recipe !== 'object' || recipe === null || !('scale' in recipe)) return undefined;
  const { scale } = recipe;
  return typeof scale === 'number' && Number.isInteger(scale) && scale >= 1 ? scale : undefined;
}

/** Whether there is, or will be in a moment, something of a result to compare with. */
export function isComparable({ state, result, facts }: FileRecord): boolean {
  return facts !== null && (isInWork(state) || (state === 'done' && result !== null));
}

/** The file's name, as people know it. */
export function nameOf(subject: Subject): string {
  return subject.kind === 'file' ? baseName(subject.file.source) : subject.entry.name;
}
