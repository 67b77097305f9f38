import { create } from 'zustand';
import type { EnlargerClient } from '../../shared/contract/contract.ts';
import type { Offered, Out } from '../../shared/contract/input.ts';
import type { Capabilities } from '../../shared/contract/shell.ts';
import { type RememberedOut, readOut, restoredOut, writeOut } from './remembered-out.ts';

interface OutStore {
  /** Where results of the next batch go. */
  out: Out;
  /** The folder as people know it; undefined where results are kept by Enlarger. */
  label: string | undefined;
  /** Folders that results went to lately, the latest first. Desktop shell only. */
  recent: readonly Offered[];
  /** Results stay with Enlarger until they are downloaded or exported. */
  keep(): void;
  /** Results go to a folder below the root, relative to it. */
  chooseBelow(root: string, path: string): void;
  /** Results go to a folder that the system's dialog gave. */
  chooseOffered(folder: Offered): void;
  /** Puts back what was chosen last, as far as it is still good; to be called whenever a line is opened. */
  restore(client: EnlargerClient, capabilities: Capabilities): Promise<void>;
}

const KEPT: Out = { kind: 'kept' };

export const useOut = create<OutStore>()((set) => {
  const choose = (out: Out, remembered: RememberedOut, label: string | undefined) => {
    writeOut(remembered);
    set({ out, label });
  };
  return {
    out: KEPT,
    label: undefined,
    recent: [],
    keep: () => choose(KEPT, { kind: 'kept' }, undefined),
    chooseBelow: (root, path) =>
      choose({ kind: 'path', path }, { kind: 'below', root, path }, belowRoot(root, path)),
    chooseOffered: (folder) => {
      const { path, name, input } = folder;
      if (input.kind !== 'token') return;
      choose(input, { kind: 'folder', path: path ?? name }, path ?? name);
      set(({ recent }) => ({ recent: [folder, ...recent.filter((other) => other.path !== path)] }));
    },
    restore: async (client, capabilities) => {
      // Tokens mean something in one run of main only: they are asked for anew.
      const recent = capabilities.canPickFolders ? await client.pick.recentOuts().catch(() => []) : [];
      const restored = restoredOut(readOut(), capabilities, recent);
      const label = restored?.kind === 'path' ? belowRoot(capabilities.root ?? '', restored.path) : undefined;
      const folder = recent.find(({ input }) => input === restored);
      set({ out: restored ?? KEPT, label: label ?? folder?.path ?? folder?.name, recent });
    },
  };
});

/** The folder at `path` below the root, as people know it. */
export function belowRoot(root: string, path: string): string {
  const separator = root.includes('\\') ? '\\' : '/';
  return path === '' ? root : `${root.replace(/[/\\]$/, '')}${separator}${path.replaceAll('/', separator)}`;
}
