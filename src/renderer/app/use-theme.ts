import { useEffect } from 'react';
import { useSessionStore } from '../stores/session-store.ts';

/** Follows the theme of the settings; `system` is left to the browser. */
export function useTheme(): void {
  const theme = useSessionStore(({ session }) => session?.settings.theme ?? 'dark');
  useEffect(() => {
    const root = document.documentElement;
    if (theme === 'system') delete root.dataset.theme;
    else root.dataset.theme = theme;
  }, [theme]);
}
