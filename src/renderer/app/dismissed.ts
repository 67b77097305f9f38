import type { Notice } from '../../shared/contract/events.ts';

const KEY = 'enlarger.dismissed';

/** What names a notice: main counts anew when it starts. */
const nameOf = ({ id, message }: Notice) => `${id} ${message}`;

/** Which notices this tab has had enough of: main tells them again whenever a line is opened. */
function readDismissed(): readonly string[] {
  try {
    const names: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? '[]');
    return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
  } catch {
    return [];
  }
}

export function rememberDismissed(notice: Notice): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify([...readDismissed(), nameOf(notice)]));
  } catch {
    // A browser that keeps nothing hears of it again after a reload.
  }
}

export function withoutDismissed(notices: readonly Notice[]): Notice[] {
  const dismissed = new Set(readDismissed());
  return notices.filter((notice) => !dismissed.has(nameOf(notice)));
}
