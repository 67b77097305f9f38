import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { toasts } from '../components/toasts.ts';
import { useLibrary } from '../stores/library-store.ts';
import { endedSince } from './export-facts.ts';

/** Says what became of an export that ends while nobody sees it: `seen` is whether the list is open. */
export function useEndToasts(seen: boolean): void {
  const { t } = useTranslation();
  const latest = useRef({ t, seen });
  latest.current = { t, seen };
  useEffect(
    () =>
      useLibrary.subscribe(({ exports }, before) => {
        if (exports === before.exports || latest.current.seen) return;
        const say = latest.current.t;
        for (const { state, filesDone, filesTotal, target, problems } of endedSince(
          before.exports,
          exports,
        )) {
          if (state === 'cancelled') continue;
          const counts = { done: filesDone, total: filesTotal };
          const words = [
            ...(state === 'failed' ? [say('exporting.failed', counts)] : []),
            ...(state === 'done' && target === null ? [say('exporting.exported', { count: filesDone })] : []),
            ...(state === 'done' && target !== null
              ? [say('exporting.exportedTo', { count: filesDone, target })]
              : []),
            ...problems.slice(0, 1),
          ];
          const type = problems.length > 0 || state === 'failed' ? { type: 'problem', timeout: 0 } : {};
          toasts.add({ description: words.join(' '), ...type });
        }
      }),
    [],
  );
}
