import i18next from 'i18next';
import { formatBytes } from '../components/figures.ts';
import type { Entry } from './intake-store.ts';
import type { Verdict } from './judge.ts';

/** What an entry is that is not taken, and why, in words. `bytes`: its own; `limit`: what one may have. */
export function refused(
  verdict: Extract<Verdict, { take: false }>,
  bytes: number | null,
  limit = 0,
): Pick<Entry, 'state' | 'reason'> {
  return { state: 'refused', reason: reasonOf(verdict, bytes ?? 0, limit) };
}

function reasonOf(verdict: Extract<Verdict, { take: false }>, bytes: number, limit: number): string {
  switch (verdict.why) {
    case 'format':
      return verdict.message;
    case 'empty':
      return i18next.t('intake.empty');
    case 'large': {
      const { language } = i18next;
      const words = { size: formatBytes(bytes, language), limit: formatBytes(limit, language) };
      return i18next.t('intake.tooLarge', words);
    }
    default:
      return i18next.t('intake.noPicture');
  }
}

/** Why a file is not taken beside the others. `limit`: bytes that all of them may have. */
export function tooMuch(limit: number): string {
  return i18next.t('intake.tooMuch', { limit: formatBytes(limit, i18next.language) });
}
