import type { BatchRecord, FileState } from '../../src/shared/jobs.ts';

interface Wanted extends Partial<Omit<BatchRecord, 'files'>> {
  files?: Partial<Record<FileState, number>>;
}

/** A batch as the journal tells of it, with whatever a test does not care about made up. */
export function madeUpBatch({ files = {}, ...rest }: Wanted = {}): BatchRecord {
  const none = { queued: 0, decoding: 0, enhancing: 0, encoding: 0, done: 0, failed: 0, cancelled: 0 };
  return {
    id: 1,
    title: 'Trip',
    recipe: {},
    out: '/home/me/Prints',
    shell: 'web',
    state: 'queued',
    reason: null,
    createdAt: 0,
    startedAt: null,
    endedAt: null,
    pixelsTotal: 0,
    pixelsDone: 0,
    ...rest,
    files: { ...none, skipped: 0, ...files },
  };
}
