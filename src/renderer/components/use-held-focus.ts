import { type FocusEvent, type RefObject, useEffect, useRef } from 'react';

interface HeldFocus<T> {
  ref: RefObject<T | null>;
  onFocus(): void;
  onBlur(event: FocusEvent): void;
}

/**
 * Keeps the focus in an element whose buttons come and go: when what had it is gone after a change of `state`, the first
 * thing in it that can have it gets it.
 */
export function useHeldFocus<T extends HTMLElement>(state: unknown): HeldFocus<T> {
  const ref = useRef<T>(null);
  const held = useRef(false);
  useEffect(() => {
    if (held.current && isLost(document.activeElement)) focusFirst(ref.current);
  }, [state]);
  return {
    ref,
    onFocus: () => {
      held.current = true;
    },
    // What is taken away, or disabled, is left for nothing else.
    onBlur: ({ relatedTarget }) => {
      if (relatedTarget !== null) held.current = ref.current?.contains(relatedTarget) ?? false;
    },
  };
}

/** Whether nothing has the focus, or only a dialog as a whole, which takes what was lost in it. */
export function isLost(focused: Element | null): boolean {
  return focused === null || focused === document.body || focused.matches('[role=dialog]');
}

function focusFirst(element: HTMLElement | null): void {
  element?.querySelector<HTMLElement>('button:enabled, input:enabled')?.focus();
}
