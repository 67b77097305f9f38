import { useTranslation } from 'react-i18next';
import {
  CloseIcon,
  DownloadIcon,
  ExportIcon,
  FirstIcon,
  FolderIcon,
  PauseIcon,
  PlayIcon,
  RemoveIcon,
  RetryIcon,
} from '../components/icons.tsx';
import type { Command, CommandGroups } from '../components/Menu.tsx';
import { retryEntries } from '../intake/adding.ts';
import { useIntake } from '../intake/intake-store.ts';
import { useLibrary } from '../stores/library-store.ts';
import { useSession } from '../stores/session-store.ts';
import { useAttempt } from '../stores/use-attempt.ts';
import { useView } from '../stores/view-store.ts';
import { choicesOf } from './choices.ts';
import { download } from './download.ts';
import { removeSelected, selectedPhotos } from './remove-selected.ts';

/** What can be done with the selected photographs. */
export function useCommands(): CommandGroups {
  const { t } = useTranslation();
  const { client, capabilities } = useSession();
  const attempt = useAttempt();
  // The selection, and what becomes of what is selected.
  useView((view) => view.selected);
  useLibrary((library) => library.files);
  useIntake((intake) => intake.entries);
  const { files, entries } = selectedPhotos();
  const chosen = choicesOf(files, entries);
  const [done] = chosen.done;
  const command = (condition: boolean, id: string, about: Omit<Command, 'id'>): Command[] =>
    condition ? [{ id, ...about }] : [];
  const call = (run: () => Promise<unknown>) => () => void attempt(run);
  const retry = (fileIds: number[]) => async () => {
    if (fileIds.length > 0) await client.files.retry({ fileIds });
  };
  const retryFailed = async () => {
    await retry(chosen.failed)();
    await retryEntries(new Set(chosen.entriesFailed));
  };
  return [
    [
      ...command(chosen.queued.length > 0, 'next', {
        label: t('strip.prioritise'),
        icon: <FirstIcon />,
        run: call(() => client.files.prioritise({ fileIds: chosen.queued })),
      }),
      ...command(chosen.waiting.length > 0, 'pause', {
        label: t('strip.pause'),
        icon: <PauseIcon />,
        run: call(() => client.files.pause({ fileIds: chosen.waiting })),
      }),
      ...command(chosen.paused.length > 0, 'resume', {
        label: t('strip.resume'),
        icon: <PlayIcon />,
        run: call(() => client.files.resume({ fileIds: chosen.paused })),
      }),
      ...command(chosen.failed.length + chosen.entriesFailed.length > 0, 'retry', {
        label: t('strip.retryFailed'),
        icon: <RetryIcon />,
        run: call(retryFailed),
      }),
      ...command(chosen.cancelled.length > 0, 'again', {
        label: t('strip.retryCancelled'),
        icon: <RetryIcon />,
        run: call(retry(chosen.cancelled)),
      }),
    ],
    [
      ...command(capabilities.shell === 'web' && chosen.done.length === 1, 'download', {
        label: t('strip.download'),
        icon: <DownloadIcon />,
        run: () => done !== undefined && download(done),
      }),
      ...command(capabilities.canReveal && chosen.done.length === 1, 'reveal', {
        label: t('strip.reveal'),
        icon: <FolderIcon />,
        run: call(async () => done !== undefined && client.files.reveal({ fileId: done })),
      }),
      ...command(chosen.done.length > 0, 'export', {
        label: t('strip.export'),
        icon: <ExportIcon />,
        keys: 'E',
        run: () => useView.getState().open('export'),
      }),
    ],
    [
      ...command(chosen.queued.length + chosen.inWork.length > 0, 'cancel', {
        label: t('strip.cancel'),
        icon: <CloseIcon />,
        run: call(() => client.files.cancel({ fileIds: [...chosen.queued, ...chosen.inWork] })),
      }),
      ...command(chosen.queued.length + chosen.entries.length > 0, 'remove', {
        label: t('strip.remove'),
        icon: <RemoveIcon />,
        keys: 'Del',
        run: call(() => removeSelected(client)),
      }),
    ],
  ];
}
