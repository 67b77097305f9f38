import { create } from 'zustand';
import type { EnlargerClient } from '../../shared/contract/contract.ts';
import type { Collision, ExportFolder, Way } from './choice.ts';

interface ExportChoices {
  what: 'selected' | 'all';
  /** The shell's usual way where nothing was chosen. */
  way: Way | undefined;
  folder: ExportFolder | undefined;
  /** The line that `folder` was chosen over: tokens mean nothing in another run of main. */
  line: EnlargerClient | undefined;
  /** Of a ZIP; undefined: the usual one. */
  name: string | undefined;
  onCollision: Collision;
}

/** What was chosen for the next export; it stays for the one after. */
export const useExportChoices = create<ExportChoices>()(() => ({
  what: 'all',
  way: undefined,
  folder: undefined,
  line: undefined,
  name: undefined,
  onCollision: 'number',
}));
