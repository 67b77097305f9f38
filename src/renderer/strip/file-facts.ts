import type { BatchRecord, FileRecord } from '../../shared/jobs.ts';

/** How many times larger a batch makes its pictures; undefined where nobody said so. */
export function scaleOf({ recipe }: Pick<BatchRecord, 'recipe'>): number | undefined {
  if (typeof recipe !== 'object' || recipe === null || !('scale' in recipe)) return undefined;
  return typeof recipe.scale === 'number' ? recipe.scale : undefined;
}

/** Pixels of the source and of what becomes of it: "4000×3000 → 8000×6000". */
export function sizesOf({ facts }: Pick<FileRecord, 'facts'>, scale: number | undefined): string | undefined {
  if (!facts) return undefined;
  const { width, height } = facts;
  const source = `${width}×${height}`;
  return scale === undefined ? source : `${source} → ${width * scale}×${height * scale}`;
}

/** Milliseconds that a file took, or has taken by `now`; undefined before its work began. */
export function timeOf(
  { startedAt, endedAt, state }: Pick<FileRecord, 'startedAt' | 'endedAt' | 'state'>,
  now: number,
): number | undefined {
  if (startedAt === null || state === 'queued' || state === 'skipped') return undefined;
  return Math.max(0, (endedAt ?? now) - startedAt);
}

/** MIME types of results, for programs that they are dragged to. */
export const MIME_TYPES: Record<NonNullable<FileRecord['format']>, string> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  avif: 'image/avif',
  tiff: 'image/tiff',
};
