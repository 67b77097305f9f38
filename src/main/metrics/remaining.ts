import type { BatchRecord } from '../../shared/jobs.ts';
import type { Remaining } from './time-left.ts';

/** How far a file in work is, in pixels of its source. */
export interface FileShare {
  pixels: number;
  pixelsDone: number;
}

/**
 * What is left of a batch. `lost` are the pixels of files that failed, were cancelled or skipped: the journal's sums hold
 * them too. The journal may have noted as done what is still told to be in work: then the most finished of these are it.
 */
export function remainingOf(
  { files, pixelsTotal, pixelsDone }: Pick<BatchRecord, 'files' | 'pixelsTotal' | 'pixelsDone'>,
  lost: number,
  inWork: readonly FileShare[],
): Remaining {
  const working = files.decoding + files.enhancing + files.encoding;
  const least = [...inWork].sort((a, b) => share(a) - share(b)).slice(0, working);
  const begun = least.reduce((sum, file) => sum + file.pixelsDone, 0);
  return {
    pixels: Math.max(0, pixelsTotal - pixelsDone - lost - begun),
    files: files.queued + working,
  };
}

const share = ({ pixels, pixelsDone }: FileShare) => (pixels > 0 ? pixelsDone / pixels : 0);

/** Files that ended without a result. */
export function lostFiles({ files }: Pick<BatchRecord, 'files'>): number {
  return files.failed + files.cancelled + files.skipped;
}
