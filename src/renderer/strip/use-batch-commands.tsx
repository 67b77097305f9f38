import { useTranslation } from 'react-i18next';
import type { BatchRecord } from '../../shared/jobs.ts';
import { CloseIcon, ExportIcon, PauseIcon, PlayIcon, RetryIcon, SkippedIcon } from '../components/icons.tsx';
import type { Command, CommandGroups } from '../components/Menu.tsx';
import { filesOf, useLibrary } from '../stores/library-store.ts';
import { useClient } from '../stores/session-store.ts';
import { useAttempt } from '../stores/use-attempt.ts';
import { useView } from '../stores/view-store.ts';

/** What can be done with a whole batch. */
export function useBatchCommands(batch: BatchRecord | undefined): CommandGroups {
  const { t } = useTranslation();
  const client = useClient();
  const attempt = useAttempt();
  if (!batch) return [];
  const { id: batchId, state, files } = batch;
  const failed = files.failed ?? 0;
  const when = (condition: boolean, command: Command) => (condition ? [command] : []);
  const open = state === 'queued' || state === 'running';
  return [
    [
      ...when(open, {
        ...{ id: 'pause', label: t('strip.batchPause'), icon: <PauseIcon /> },
        run: () => void attempt(() => client.batches.pause({ batchId })),
      }),
      ...when(state === 'paused', {
        ...{ id: 'resume', label: t('strip.batchResume'), icon: <PlayIcon /> },
        run: () => void attempt(() => client.batches.resume({ batchId })),
      }),
      ...when(failed > 0, {
        ...{ id: 'retry', label: t('strip.batchRetry', { count: failed }), icon: <RetryIcon /> },
        run: () => void attempt(() => client.batches.retry({ batchId })),
      }),
      ...when((files.done ?? 0) > 0, {
        ...{ id: 'export', label: t('strip.batchExport'), icon: <ExportIcon /> },
        run: () => exportBatch(batchId),
      }),
    ],
    [
      ...when(open || state === 'paused', {
        ...{ id: 'cancel', label: t('strip.batchCancel'), icon: <CloseIcon />, danger: true },
        run: () => void attempt(() => client.batches.cancel({ batchId })),
      }),
      ...when(!open, {
        ...{ id: 'remove', label: t('strip.batchRemove'), icon: <SkippedIcon /> },
        run: () => useLibrary.getState().hide([batchId]),
      }),
    ],
  ];
}

/** The export dialog begins with what is selected. */
function exportBatch(batchId: number): void {
  const done = filesOf(useLibrary.getState().files, batchId).filter(({ state }) => state === 'done');
  const { select, open } = useView.getState();
  select(
    done.map(({ id }) => id),
    done[0]?.id,
  );
  open('export');
}
