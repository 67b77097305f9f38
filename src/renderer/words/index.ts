import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from './en/index.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof en };
  }
}

/** Languages that the page has words in, each in its own. */
export const LANGUAGES = [{ id: 'en', name: 'English' }] as const;

/** Starts with the words for `language`. */
export async function startWords(language: string): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    resources: { en: { translation: en } },
    // React escapes.
    interpolation: { escapeValue: false },
  });
}
