import type { PhotoKey } from '../stores/view-store.ts';

/** What is selected in a list. `anchor`: where a range begins that is drawn with Shift. */
export interface Selection {
  selected: ReadonlySet<PhotoKey>;
  current: PhotoKey | undefined;
  anchor: PhotoKey | undefined;
}

/** How a click, or a step, is meant: alone, as the end of a range (Shift), or besides the others (Ctrl or Cmd). */
export type Manner = 'alone' | 'range' | 'toggle';

/** `selection` after a click on `photo`. `order`: the photographs that are listed. */
export function clicked(
  selection: Selection,
  order: readonly PhotoKey[],
  photo: PhotoKey,
  manner: Manner,
): Selection {
  if (manner === 'range') return ranged(selection, order, photo);
  if (manner === 'alone') return { selected: new Set([photo]), current: photo, anchor: photo };
  const selected = new Set(selection.selected);
  if (!selected.delete(photo)) return { selected: selected.add(photo), current: photo, anchor: photo };
  // The last one stays: something is always looked at.
  if (selected.size === 0) return { ...selection, selected: new Set([photo]) };
  const current = selection.current === photo ? nearest(order, selected, photo) : selection.current;
  return { selected, current, anchor: photo };
}

/** How far a key moves; `first` and `last` go to the ends. */
export type Step = number | 'first' | 'last';

/** `selection` after a step from the photograph that is looked at. */
export function stepped(
  selection: Selection,
  order: readonly PhotoKey[],
  step: Step,
  manner: Exclude<Manner, 'toggle'>,
): Selection {
  const last = order.length - 1;
  const from = selection.current === undefined ? -1 : order.indexOf(selection.current);
  const to = step === 'first' ? 0 : step === 'last' ? last : from < 0 ? (step > 0 ? 0 : last) : from + step;
  const photo = order[Math.min(last, Math.max(0, to))];
  return photo === undefined ? selection : clicked(selection, order, photo, manner);
}

function ranged(selection: Selection, order: readonly PhotoKey[], photo: PhotoKey): Selection {
  const anchor = selection.anchor ?? selection.current ?? photo;
  const from = order.indexOf(anchor);
  const to = order.indexOf(photo);
  if (from < 0 || to < 0) return { selected: new Set([photo]), current: photo, anchor: photo };
  const range = order.slice(Math.min(from, to), Math.max(from, to) + 1);
  return { selected: new Set(range), current: photo, anchor };
}

/** The selected photograph that is the nearest to `photo` in the list. */
function nearest(
  order: readonly PhotoKey[],
  selected: ReadonlySet<PhotoKey>,
  photo: PhotoKey,
): PhotoKey | undefined {
  const from = order.indexOf(photo);
  let best: PhotoKey | undefined;
  let distance = Number.POSITIVE_INFINITY;
  for (const [index, key] of order.entries()) {
    if (selected.has(key) && Math.abs(index - from) < distance) {
      best = key;
      distance = Math.abs(index - from);
    }
  }
  return best;
}
