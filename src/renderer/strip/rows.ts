import type { FileRecord } from '../../shared/jobs.ts';
import type { Entry } from '../intake/intake-store.ts';
import type { Library } from '../stores/library.ts';
import { type Filter, type PhotoKey, STATES_OF } from '../stores/view-store.ts';

/** One line of the strip. `added`: the heading of what is in no batch yet. */
export type Row =
  | { kind: 'batch'; key: string; batchId: number }
  | { kind: 'added'; key: string }
  | { kind: 'file'; key: number }
  | { kind: 'entry'; key: string };

const ENTRY_STATES: Record<Exclude<Filter, 'all'>, readonly Entry['state'][]> = {
  waiting: ['uploading', 'ready'],
  working: [],
  done: [],
  failed: ['refused', 'failed'],
  skipped: [],
};

/**
 * The lines of the strip, narrowed to a kind of files: batches in the order in which they were made, their files by
 * position, then what is in no batch yet. Headings stand above what is listed of theirs.
 */
export function rowsOf(
  { shown, files }: Pick<Library, 'shown' | 'files'>,
  entries: readonly Entry[],
  filter: Filter,
): Row[] {
  const byBatch = new Map<number, FileRecord[]>(shown.map((id) => [id, []]));
  for (const file of files.values()) byBatch.get(file.batchId)?.push(file);
  const rows: Row[] = [];
  for (const [batchId, own] of byBatch) {
    const listed = inOrder(own).filter(({ state }) => filter === 'all' || STATES_OF[filter].includes(state));
    if (listed.length === 0 && filter !== 'all') continue;
    rows.push({ kind: 'batch', key: `batch-${batchId}`, batchId });
    for (const { id } of listed) rows.push({ kind: 'file', key: id });
  }
  const listed = entries.filter(({ state }) => filter === 'all' || ENTRY_STATES[filter].includes(state));
  if (listed.length > 0) rows.push({ kind: 'added', key: 'added' });
  for (const { key } of listed) rows.push({ kind: 'entry', key });
  return rows;
}

function inOrder(files: FileRecord[]): FileRecord[] {
  const sorted = files.every(({ position }, index) => position >= (files[index - 1]?.position ?? 0));
  return sorted ? files : files.sort((a, b) => a.position - b.position);
}

/** How many photographs there are of each kind. */
export function countsOf(
  files: Iterable<Pick<FileRecord, 'state'>>,
  entries: readonly Entry[],
): Record<Filter, number> {
  const counts: Record<Filter, number> = { all: 0, waiting: 0, working: 0, done: 0, failed: 0, skipped: 0 };
  for (const { state } of files) {
    counts.all += 1;
    counts[FILTER_OF[state]] += 1;
  }
  for (const { state } of entries) {
    counts.all += 1;
    counts[ENTRY_STATES.waiting.includes(state) ? 'waiting' : 'failed'] += 1;
  }
  return counts;
}

const FILTER_OF = Object.fromEntries(
  Object.entries(STATES_OF).flatMap(([filter, states]) => states.map((state) => [state, filter])),
) as Record<FileRecord['state'], Exclude<Filter, 'all'>>;

/** The photographs among rows, in their order. */
export function photosOf(rows: readonly Row[]): PhotoKey[] {
  return rows.flatMap((row) => (row.kind === 'file' || row.kind === 'entry' ? [row.key] : []));
}

export function areSameRows(a: readonly Row[], b: readonly Row[]): boolean {
  return a.length === b.length && a.every(({ key }, index) => key === b[index]?.key);
}
