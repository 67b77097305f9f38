import { type RefObject, useLayoutEffect } from 'react';
import { clearHeight } from './camera.ts';
import { useCompare } from './compare-store.ts';
import { type Command, commandOf } from './keys.ts';
import { useGo } from './use-go.ts';

/** Share of a pane that an arrow key moves the picture by. */
const STRIDE = 0.1;
/** Where these keys mean something else, or nothing. */
const ELSEWHERE =
  'input, textarea, select, [contenteditable="true"], [role="dialog"], [role="menu"], [role="listbox"]';
/** Controls that have arrow keys and the space bar for themselves. */
const CONTROLS = 'button, a, [role="slider"], [role="toolbar"]';

/** Keys for the picture; those that others have, too, only while the focus is within `element`, or nowhere. */
export function useKeys(element: RefObject<HTMLElement | null>, toggleFull: () => void): void {
  const go = useGo();
  useLayoutEffect(() => {
    const run = (command: Command) => {
      const { pan, step, zoomTo, peek, view } = useCompare.getState();
      switch (command.kind) {
        case 'pan':
          return pan({ x: command.x * view.width * STRIDE, y: command.y * view.height * STRIDE });
        case 'zoom':
          return step(command.direction);
        case 'fit':
          return zoomTo(0);
        case 'actual':
          return zoomTo(1);
        case 'peek':
          return peek(true);
        case 'go':
          return go(command.direction);
        case 'full':
          return toggleFull();
      }
    };
    const pressed = (event: KeyboardEvent) => {
      const target = event.target instanceof Element ? event.target : undefined;
      if (!target || event.defaultPrevented || target.closest(ELSEWHERE)) return;
      const { camera, size, view } = useCompare.getState();
      const tall = size !== undefined && size.height * camera.zoom > clearHeight(view) + 1;
      const command = commandOf(event, tall);
      if (!command) return;
      if (isShared(event.key)) {
        if (target !== document.body && !element.current?.contains(target)) return;
        if (target.closest(CONTROLS)) return;
      }
      event.preventDefault();
      if (command.kind !== 'peek' || !event.repeat) run(command);
    };
    const released = ({ key }: KeyboardEvent) => {
      if (key === ' ') useCompare.getState().peek(false);
    };
    const left = () => useCompare.getState().peek(false);
    document.addEventListener('keydown', pressed);
    document.addEventListener('keyup', released);
    window.addEventListener('blur', left);
    return () => {
      document.removeEventListener('keydown', pressed);
      document.removeEventListener('keyup', released);
      window.removeEventListener('blur', left);
      left();
    };
  }, [element, toggleFull, go]);
}

/** Keys that lists, buttons and sliders have, too. */
function isShared(key: string): boolean {
  return key === ' ' || key.startsWith('Arrow') || key.startsWith('Page');
}
