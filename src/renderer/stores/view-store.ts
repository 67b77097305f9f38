import { create } from 'zustand';
import type { FileState } from '../../shared/jobs.ts';
import { readView, writeView } from './remembered-view.ts';

/** Kinds of files that the strip can be narrowed to. */
export type Filter = 'all' | 'waiting' | 'working' | 'done' | 'failed' | 'skipped';

export const STATES_OF: Record<Exclude<Filter, 'all'>, readonly FileState[]> = {
  waiting: ['queued'],
  working: ['decoding', 'enhancing', 'encoding'],
  done: ['done'],
  failed: ['failed'],
  skipped: ['skipped', 'cancelled'],
};

export type Panel = 'strip' | 'recipe' | 'dashboard';
export type DialogName = 'settings' | 'history' | 'export' | 'models' | 'browse' | 'shortcuts';
export type CompareMode = 'slider' | 'side' | 'hold';

/** A photograph on this page: a file of the journal by its id, what is in no batch yet by its entry's key. */
export type PhotoKey = number | string;

/** What is looked at, and how: of this page alone, nothing that main knows. */
interface ViewStore {
  /** The photograph in the compare view. */
  current: PhotoKey | undefined;
  /** Photographs that commands apply to; holds `current` unless empty. */
  selected: ReadonlySet<PhotoKey>;
  filter: Filter;
  panels: Readonly<Record<Panel, boolean>>;
  dialog: DialogName | undefined;
  mode: CompareMode;
  /** Looks at one photograph, and selects it alone. */
  look(photo: PhotoKey | undefined): void;
  /** `current` moves, or not. */
  select(selected: Iterable<PhotoKey>, current?: PhotoKey): void;
  setFilter(filter: Filter): void;
  toggle(panel: Panel): void;
  open(dialog: DialogName | undefined): void;
  setMode(mode: CompareMode): void;
}

export const useView = create<ViewStore>()((set) => ({
  current: undefined,
  selected: new Set(),
  filter: 'all',
  panels: { strip: true, recipe: true, dashboard: false },
  dialog: undefined,
  mode: 'slider',
  look: (current) => set({ current, selected: new Set(current === undefined ? [] : [current]) }),
  select: (selected, current) =>
    set((view) => ({ selected: new Set(selected), current: current ?? view.current })),
  setFilter: (filter) => set({ filter }),
  toggle: (panel) => set(({ panels }) => ({ panels: { ...panels, [panel]: !panels[panel] } })),
  open: (dialog) => set({ dialog }),
  setMode: (mode) => set({ mode }),
  ...readView(),
}));

useView.subscribe((view, before) => {
  if (view.panels !== before.panels || view.mode !== before.mode) writeView(view);
});
