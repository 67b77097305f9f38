import type { Subject } from './subject.ts';

/** What is to be said at length about what is looked at. */
export interface NoteText {
  title: 'failed' | 'cancelled' | 'skipped' | 'refused' | 'folder' | 'unseen';
  /** Why, in main's words, which begin with the file's name. */
  reason?: string | undefined;
  /** True for what went wrong. */
  bad: boolean;
  /** It can be tried again. */
  retry?: 'failed' | 'cancelled';
}

/** `unseen`: the picture itself cannot be shown. Undefined where there is nothing to say. */
export function noteOf(subject: Subject, unseen: boolean): NoteText | undefined {
  if (subject.kind === 'entry') {
    const { state, reason, kind } = subject.entry;
    if (state === 'refused' || state === 'failed') return { title: 'refused', reason, bad: true };
    if (kind === 'folder') return { title: 'folder', bad: false };
    return unseen ? { title: 'unseen', bad: false } : undefined;
  }
  const { state, planKey } = subject.file;
  const reason = subject.file.reason ?? undefined;
  switch (state) {
    case 'failed':
      // What was refused before anything was planned has nothing to be tried.
      return { title: 'failed', reason, bad: true, ...(planKey === null ? {} : { retry: 'failed' }) };
    case 'cancelled':
      return { title: 'cancelled', reason, bad: false, retry: 'cancelled' };
    case 'skipped':
      return { title: 'skipped', reason, bad: false };
    default:
      return unseen ? { title: 'unseen', bad: false } : undefined;
  }
}
