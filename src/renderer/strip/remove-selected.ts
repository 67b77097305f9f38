import type { EnlargerClient } from '../../shared/contract/contract.ts';
import type { FileRecord } from '../../shared/jobs.ts';
import { removeEntries } from '../intake/adding.ts';
import { type Entry, useIntake } from '../intake/intake-store.ts';
import { useLibrary } from '../stores/library-store.ts';
import { useView } from '../stores/view-store.ts';
import { choicesOf } from './choices.ts';

/** What is selected, as it is now. */
export function selectedPhotos(): { files: FileRecord[]; entries: Entry[] } {
  const { selected } = useView.getState();
  const { files } = useLibrary.getState();
  return {
    files: [...selected].flatMap((photo) => (typeof photo === 'number' ? (files.get(photo) ?? []) : [])),
    entries: useIntake.getState().entries.filter(({ key }) => selected.has(key)),
  };
}

/** Forgets what is selected, where nothing has been done with it yet. Resolves to whether there was any such thing. */
export async function removeSelected(client: EnlargerClient): Promise<boolean> {
  const { files, entries } = selectedPhotos();
  const { queued } = choicesOf(files, entries);
  removeEntries(new Set(entries.map(({ key }) => key)));
  if (queued.length > 0) await client.files.remove({ fileIds: queued });
  return queued.length + entries.length > 0;
}
