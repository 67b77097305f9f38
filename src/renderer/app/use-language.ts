import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useSessionStore } from '../stores/session-store.ts';

/** Follows the language of the settings; `system` is the browser's. */
export function useLanguage(): void {
  const { i18n } = useTranslation();
  const language = useSessionStore(({ session }) => session?.settings.language ?? 'system');
  useEffect(() => {
    const wanted = language === 'system' ? navigator.language : language;
    if (i18n.language !== wanted) void i18n.changeLanguage(wanted);
  }, [i18n, language]);
}
