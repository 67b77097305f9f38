import { create } from 'zustand';
import type { Input } from '../../shared/contract/input.ts';

/** A photograph or folder that was added and is in no batch yet. */
export interface Entry {
  /** Names it on this page alone. */
  key: string;
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
  /** An address to show it from at once, where the browser can. */
  picture?: string;
}

interface IntakeStore {
  entries: readonly Entry[];
}

/** What was added and is in no batch yet, in the order in which it was added. */
export const useIntake = create<IntakeStore>()(() => ({ entries: [] }));
