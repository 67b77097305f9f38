import { type MouseEvent, useMemo } from 'react';
import { type PhotoKey, useView } from '../stores/view-store.ts';
import type { Selecting } from './use-selection.ts';

interface ListMouse {
  click(event: MouseEvent): void;
  contextMenu(event: MouseEvent): void;
}

/** What the mouse does in the list. */
export function useListMouse(selection: Selecting): ListMouse {
  return useMemo(
    () => ({
      click: (event) => {
        const photo = photoAt(event);
        if (photo === undefined) return;
        selection.click(
          photo,
          event.shiftKey ? 'range' : event.ctrlKey || event.metaKey ? 'toggle' : 'alone',
        );
      },
      contextMenu: (event) => {
        const photo = photoAt(event);
        // The menu is for what is selected; by the keyboard it is asked for without pointing at anything.
        if (photo !== undefined && !useView.getState().selected.has(photo)) selection.click(photo, 'alone');
        else if (photo === undefined && event.target !== event.currentTarget) event.stopPropagation();
      },
    }),
    [selection],
  );
}

/** The photograph whose row the mouse is over. */
function photoAt({ target }: MouseEvent): PhotoKey | undefined {
  if (!(target instanceof Element)) return undefined;
  const photo = target.closest<HTMLElement>('[data-photo]')?.dataset.photo;
  if (photo === undefined) return undefined;
  return /^\d+$/.test(photo) ? Number(photo) : photo;
}
