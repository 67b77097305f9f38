import type { FileProgress } from '../../shared/contract/events.ts';
import type { BatchRecord, FileRecord, FileState } from '../../shared/jobs.ts';
import { isInWork } from '../stores/library.ts';

/** How many times larger a batch makes its pictures; undefined where nobody said so. */
export function scaleOf({ recipe }: Pick<BatchRecord, 'recipe'>): number | undefined {
  if (typeof recipe !== 'object' || recipe === null || !('scale' in recipe)) return undefined;
  return typeof recipe.scale === 'number' ? recipe.scale : undefined;
}

/** Pixels of the source and of what becomes of it, where that is another size: "4000×3000 → 8000×6000". */
export function sizesOf({ facts }: Pick<FileRecord, 'facts'>, scale: number | undefined): string | undefined {
  if (!facts) return undefined;
  const { width, height } = facts;
  const source = `${width}×${height}`;
  return scale === undefined || scale === 1 ? source : `${source} → ${width * scale}×${height * scale}`;
}

/** Milliseconds of work that a result took, waiting not counted; undefined where there is none. */
export function timeOf({ result }: Pick<FileRecord, 'result'>): number | undefined {
  return result ? Object.values(result.timings).reduce((sum, time) => sum + time, 0) : undefined;
}

/**
 * What a file is said to do. The engine takes several at once and works on them one after the other: those that it has
 * taken, and nothing of which is enlarged yet, are next.
 */
export function doingOf(
  { state, paused }: Pick<FileRecord, 'state' | 'paused'>,
  progress: Pick<FileProgress, 'state' | 'tilesDone'> | undefined,
): FileState | FileProgress['state'] | 'paused' | 'next' {
  if (state === 'queued' && paused) return 'paused';
  if (!isInWork(state)) return state;
  if (!progress) return 'next';
  return progress.state === 'enhancing' && progress.tilesDone === 0 ? 'next' : progress.state;
}

/** MIME types of results, for programs that they are dragged to. */
export const MIME_TYPES: Record<NonNullable<FileRecord['format']>, string> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  avif: 'image/avif',
  tiff: 'image/tiff',
};
