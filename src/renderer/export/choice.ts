import type { ExportRequest } from '../../shared/contract/exports.ts';
import type { Out } from '../../shared/contract/input.ts';
import type { Capabilities } from '../../shared/contract/shell.ts';
import type { BatchRecord, FileRecord } from '../../shared/jobs.ts';
import type { PhotoKey } from '../stores/view-store.ts';

/** How results can leave: through the browser, as files, as one ZIP in a folder. */
export type Way = ExportRequest['to']['kind'];
export type Collision = Extract<ExportRequest['to'], { kind: 'folder' }>['onCollision'];

export interface ExportFolder {
  out: Out;
  /** Its path as people know it. */
  label: string;
}

/** The ways that this shell has, the usual one first. */
export function waysOf({
  shell,
  root,
  canPickFolders,
}: Pick<Capabilities, 'shell' | 'root' | 'canPickFolders'>): Way[] {
  return [
    ...(shell === 'web' ? (['download'] as const) : []),
    ...(canPickFolders || root !== undefined ? (['folder', 'zip'] as const) : []),
  ];
}

/** Those of the selected photographs that have a result, by id. */
export function selectedResults(
  files: ReadonlyMap<number, FileRecord>,
  selected: ReadonlySet<PhotoKey>,
): number[] {
  return [...selected].filter(
    (key) => typeof key === 'number' && files.get(key)?.state === 'done',
  ) as number[];
}

/** Batches of the list that have results, and how many those are. */
export function listedResults(
  batches: ReadonlyMap<number, BatchRecord>,
  shown: readonly number[],
): { batchIds: number[]; count: number } {
  const doneOf = (id: number) => batches.get(id)?.files.done ?? 0;
  const batchIds = shown.filter((id) => doneOf(id) > 0);
  return { batchIds, count: batchIds.reduce((sum, id) => sum + doneOf(id), 0) };
}

/** Where to; undefined while something is missing. */
export function targetOf(
  way: Way,
  folder: ExportFolder | undefined,
  { name, onCollision }: { name: string; onCollision: Collision },
): ExportRequest['to'] | undefined {
  if (way === 'download') return { kind: 'download' };
  if (!folder) return undefined;
  if (way === 'folder') return { kind: 'folder', out: folder.out, onCollision };
  const trimmed = name.trim();
  return trimmed === '' ? undefined : { kind: 'zip', out: folder.out, name: trimmed };
}
