import { type KeyboardEvent, useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { toasts } from '../components/toasts.ts';
import { useClient } from '../stores/session-store.ts';
import { useAttempt } from '../stores/use-attempt.ts';
import { removeSelected } from './remove-selected.ts';
import type { Step } from './selection.ts';
import type { Selecting } from './use-selection.ts';

/** Photographs that a page up or down moves by. */
const PAGE = 8;

const STEPS: Readonly<Record<string, Step>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: PAGE,
  PageUp: -PAGE,
  Home: 'first',
  End: 'last',
};

/** What keys do while the list has the focus. */
export function useListKeys(selection: Selecting): (event: KeyboardEvent) => void {
  const { t } = useTranslation();
  const client = useClient();
  const attempt = useAttempt();
  return useCallback(
    (event) => {
      // Buttons inside the list have keys of their own.
      if (event.target !== event.currentTarget || event.altKey) return;
      const step = STEPS[event.key];
      const command = event.ctrlKey || event.metaKey;
      if (step !== undefined && !command) selection.step(step, event.shiftKey ? 'range' : 'alone');
      else if (command && event.key.toLowerCase() === 'a') selection.all();
      else if ((event.key === 'Delete' || event.key === 'Backspace') && !command) {
        void attempt(() => removeSelected(client)).then((removed) => {
          if (removed === false) toasts.add({ description: t('strip.staysInList') });
        });
      } else return;
      event.preventDefault();
      event.stopPropagation();
    },
    [selection, attempt, client, t],
  );
}
