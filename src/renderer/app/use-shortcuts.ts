import { useLayoutEffect } from 'react';
import { useView } from '../stores/view-store.ts';
import { shortcutOf } from './shortcuts.ts';

/** Obeys the keys that work everywhere on the page: not while something is typed, nor in dialogs and menus. */
export function useShortcuts(): void {
  // A layout effect, here and wherever else the page listens: who sees it can use it.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { dialog, toggle, open } = useView.getState();
      if (event.defaultPrevented || dialog !== undefined || isElsewhere(event.target)) return;
      const shortcut = shortcutOf(event);
      if (!shortcut) return;
      event.preventDefault();
      const full = document.fullscreenElement !== null;
      if (shortcut.kind === 'open') {
        // Nothing is seen but what fills the screen.
        if (full) void document.exitFullscreen();
        open(shortcut.dialog);
      } else if (!full) toggle(shortcut.panel);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

/** Inputs in which keys are no letters of a text. */
const WITHOUT_TEXT = new Set(['range', 'radio', 'checkbox', 'button']);

/** Whether keys mean something else there: in a text, or in what lies above the page (dialogs, menus, lists). */
function isElsewhere(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement) || target === document.body) return false;
  if (target instanceof HTMLInputElement) return !WITHOUT_TEXT.has(target.type);
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  return document.getElementById('root')?.contains(target) !== true;
}
