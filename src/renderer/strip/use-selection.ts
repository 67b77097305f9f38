import { useMemo, useRef } from 'react';
import { type PhotoKey, useView } from '../stores/view-store.ts';
import { clicked, type Manner, type Step, stepped } from './selection.ts';

export interface Selecting {
  click(photo: PhotoKey, manner: Manner): void;
  step(step: Step, manner: Exclude<Manner, 'toggle'>): void;
  all(): void;
}

/** Selects in the photographs that are listed. */
export function useSelection(listed: () => readonly PhotoKey[]): Selecting {
  const latest = useRef(listed);
  latest.current = listed;
  const anchor = useRef<PhotoKey>(undefined);
  return useMemo(() => {
    const before = () => {
      const { selected, current } = useView.getState();
      return { selected, current, anchor: anchor.current };
    };
    const apply = (next: ReturnType<typeof clicked>) => {
      anchor.current = next.anchor;
      useView.getState().select(next.selected, next.current);
    };
    return {
      click: (photo, manner) => apply(clicked(before(), latest.current(), photo, manner)),
      step: (step, manner) => apply(stepped(before(), latest.current(), step, manner)),
      all: () => {
        const photos = latest.current();
        const { current } = before();
        const stays = current !== undefined && photos.includes(current);
        apply({ ...before(), selected: new Set(photos), current: stays ? current : photos[0] });
      },
    };
  }, []);
}
