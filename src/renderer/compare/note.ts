import type { BatchRecord } from '../../shared/jobs.ts';
import type { Subject } from './subject.ts';

/** What is to be said at length about what is looked at. */
export interface NoteText {
  title: 'failed' | 'cancelled' | 'skipped' | 'refused' | 'folder' | 'unseen';
  /** Why, in main's words, which begin with the file's name. */
  reason?: string | undefined;
  /** True for what went wrong. */
  bad: boolean;
  /** What can be done about it, for how many files of the batch. */
  retry?: { what: 'failed' | 'cancelled'; count: number };
}

/** `unseen`: the picture itself cannot be shown. Undefined where there is nothing to say. */
export function noteOf(
  subject: Subject,
  files: BatchRecord['files'] | undefined,
  unseen: boolean,
): NoteText | undefined {
  if (subject.kind === 'entry') {
    const { state, reason, kind } = subject.entry;
    if (state === 'refused' || state === 'failed') return { title: 'refused', reason, bad: true };
    if (kind === 'folder') return { title: 'folder', bad: false };
    return unseen ? { title: 'unseen', bad: false } : undefined;
  }
  const { state } = subject.file;
  const reason = subject.file.reason ?? undefined;
  switch (state) {
    case 'failed':
      return { title: 'failed', reason, bad: true, retry: { what: 'failed', count: files?.failed ?? 1 } };
    case 'cancelled':
      return {
        title: 'cancelled',
        reason,
        bad: false,
        retry: { what: 'cancelled', count: files?.cancelled ?? 1 },
      };
    case 'skipped':
      return { title: 'skipped', reason, bad: false };
    default:
      return unseen ? { title: 'unseen', bad: false } : undefined;
  }
}
