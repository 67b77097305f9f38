import { INPUT_EXTENSIONS } from '../../shared/formats.ts';
import { baseName } from '../components/file-names.ts';
import { useSession } from '../stores/session-store.ts';
import { useAttempt } from '../stores/use-attempt.ts';
import { useView } from '../stores/view-store.ts';
import { addDropped, addOffered } from './adding.ts';
import { pickedFiles } from './read-drop.ts';

interface Pickers {
  addPhotos(): void;
  addFolder(): void;
  /** Of a folder of the machine that may be browsed; absent where there is none. */
  browse?: { root: string; open(): void };
}

/** The ways to choose what to add, as this shell has them. */
export function usePickers(): Pickers {
  const { client, capabilities } = useSession();
  const attempt = useAttempt();
  const open = useView((view) => view.open);
  const add = async (folder: boolean) => {
    if (!capabilities.canPickFolders) {
      const picked = await pickFiles(folder);
      if (picked.length > 0) await addDropped({ files: pickedFiles(picked), folders: [] });
      return;
    }
    const offered = await attempt(() => (folder ? client.pick.folders() : client.pick.pictures()));
    if (offered && offered.length > 0) addOffered(offered, true);
  };
  const { root } = capabilities;
  return {
    addPhotos: () => void add(false),
    addFolder: () => void add(true),
    ...(root === undefined ? {} : { browse: { root: baseName(root), open: () => open('browse') } }),
  };
}

/** The browser's own dialog for files, or for a folder. Resolves to nothing where the user thought better of it. */
function pickFiles(folder: boolean): Promise<File[]> {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  if (folder) input.webkitdirectory = true;
  else input.accept = [...INPUT_EXTENSIONS].map((extension) => `.${extension}`).join(',');
  return new Promise((resolve) => {
    input.addEventListener('change', () => resolve([...(input.files ?? [])]));
    input.addEventListener('cancel', () => resolve([]));
    input.click();
  });
}
