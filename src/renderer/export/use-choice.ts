import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useShallow } from 'zustand/shallow';
import { useOut } from '../recipe/out-store.ts';
import { useLibrary } from '../stores/library-store.ts';
import { useSession } from '../stores/session-store.ts';
import { useView } from '../stores/view-store.ts';
import { type ExportFolder, listedResults, selectedResults, targetOf, waysOf } from './choice.ts';
import { useExportChoices } from './export-store.ts';

/** What would be exported now, and where to. It begins with what is selected, where that has results. */
export function useChoice() {
  const { t } = useTranslation();
  const { capabilities } = useSession();
  const choices = useExportChoices();
  const selection = useView((view) => view.selected);
  const selected = useLibrary(useShallow(({ files }) => selectedResults(files, selection)));
  const batchIds = useLibrary(useShallow(({ batches, shown }) => listedResults(batches, shown).batchIds));
  const count = useLibrary(({ batches, shown }) => listedResults(batches, shown).count);
  const folder = useFolder();
  useEffect(() => {
    const { files } = useLibrary.getState();
    const some = selectedResults(files, useView.getState().selected).length > 0;
    useExportChoices.setState({ what: some ? 'selected' : 'all' });
  }, []);
  const ways = waysOf(capabilities);
  const way = ways.find((one) => one === choices.way) ?? ways[0] ?? 'download';
  const name = choices.name ?? t('exporting.defaultName');
  const fileIds = choices.what === 'selected' ? selected : undefined;
  const chosen = fileIds?.length ?? count;
  return {
    ...{ ways, way, folder, name },
    what: choices.what,
    onCollision: choices.onCollision,
    counts: { selected: selected.length, all: count },
    /** Results that would be exported. */
    chosen,
    request: chosen > 0 ? { fileIds, batchIds } : undefined,
    target: targetOf(way, folder, { name, onCollision: choices.onCollision }),
  };
}

export type Choice = ReturnType<typeof useChoice>;

/** The folder of the last export of this page, else the one that results went to last. */
function useFolder(): ExportFolder | undefined {
  const { client } = useSession();
  const { folder, line } = useExportChoices(useShallow((choices) => ({ ...choices })));
  const latest = useOut(({ recent }) => recent[0]);
  if (folder && (folder.out.kind === 'path' || line === client)) return folder;
  if (latest?.input.kind !== 'token') return undefined;
  return { out: latest.input, label: latest.path ?? latest.name };
}
