import { create } from 'zustand';
import type { Input } from '../../shared/contract/input.ts';

/** A photograph or folder that was added and is in no batch yet. */
export interface Entry {
  /** Names it on this page alone. */
  key: string;
  /** The same for what was added together. */
  group: number;
  name: string;
  /** Folder inside what was dropped, with `/`; '' for what was dropped by itself. */
  folder: string;
  kind: 'picture' | 'folder';
  /** Bytes; null where they are not known. */
  bytes: number | null;
  /**
   * `uploading`: on its way to main. `ready`: waits for Start. `refused`: cannot be enlarged; `failed`: could not be
   * brought to main; both say why.
   */
  state: 'uploading' | 'ready' | 'refused' | 'failed';
  /** Of the upload, 0 to 1. */
  progress: number;
  reason?: string;
  /** What main knows it by, once it does. */
  input?: Input;
  /** Its path as people know it, where it has one. */
  path?: string;
  /** An address to show it from at once: of the one that is looked at, where the browser can show it. */
  picture?: string;
}

interface IntakeStore {
  entries: readonly Entry[];
  /** Keys of those that main is making a batch of. */
  starting: ReadonlySet<string>;
  /** What the browser shows the file from that is looked at, from when it was an entry; until another is. */
  kept: { readonly fileId: number; readonly picture: string } | undefined;
}

/** What was added and is in no batch yet, in the order in which it was added. */
export const useIntake = create<IntakeStore>()(() => ({
  entries: [],
  starting: new Set(),
  kept: undefined,
}));

/** Changes one entry; one that is gone is left alone. */
export function changeEntry(key: string, change: Partial<Entry>): void {
  useIntake.setState(({ entries }) => ({
    entries: entries.map((entry) => (entry.key === key ? { ...entry, ...change } : entry)),
  }));
}

export function entryOf(key: string): Entry | undefined {
  return useIntake.getState().entries.find((entry) => entry.key === key);
}
