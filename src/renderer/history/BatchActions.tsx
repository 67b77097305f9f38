import { useTranslation } from 'react-i18next';
import type { BatchRecord } from '../../shared/jobs.ts';
import { Button, IconButton } from '../components/Button.tsx';
import { DownloadIcon, PauseIcon, PlayIcon, RemoveIcon, RetryIcon } from '../components/icons.tsx';
import { pictureUrl } from '../components/media.ts';
import { toasts } from '../components/toasts.ts';
import { useLibrary } from '../stores/library-store.ts';
import { useSession } from '../stores/session-store.ts';
import { useAttempt } from '../stores/use-attempt.ts';
import { useView } from '../stores/view-store.ts';
import styles from './BatchRow.module.css';
import { hasEnded } from './batch-facts.ts';

interface BatchActionsProps {
  batch: BatchRecord;
  onClear(): void;
}

/** What can be done with a batch of the journal as it is now. */
export function BatchActions({ batch, onClear }: BatchActionsProps) {
  const { t } = useTranslation();
  const { client, capabilities } = useSession();
  const attempt = useAttempt();
  const { id: batchId, state, files } = batch;
  const failed = files.failed ?? 0;
  const done = files.done ?? 0;
  const retry = async () => {
    const again = await attempt(() => client.batches.retry({ batchId }));
    if (!again || again.count === failed) return;
    const { count } = again;
    const description = count === 0 ? t('history.retryNone') : t('history.retrySome', { count });
    toasts.add({ description, type: 'problem' });
  };
  const saveZip = () => {
    const link = document.createElement('a');
    link.href = pictureUrl({ kind: 'zip', id: batchId });
    link.download = '';
    link.click();
  };
  return (
    <div className={styles.actions}>
      {state === 'paused' ? (
        <IconButton
          icon={<PlayIcon />}
          label={t('history.resume')}
          onClick={() => void attempt(() => client.batches.resume({ batchId }))}
        />
      ) : null}
      {state === 'queued' || state === 'running' ? (
        <IconButton
          icon={<PauseIcon />}
          label={t('history.pause')}
          onClick={() => void attempt(() => client.batches.pause({ batchId }))}
        />
      ) : null}
      {failed > 0 ? (
        <IconButton
          icon={<RetryIcon />}
          label={t('history.retry', { count: failed })}
          onClick={() => void retry()}
        />
      ) : null}
      {done > 0 && capabilities.shell === 'web' ? (
        <IconButton icon={<DownloadIcon />} label={t('history.zip', { count: done })} onClick={saveZip} />
      ) : null}
      {hasEnded(batch) ? (
        <IconButton icon={<RemoveIcon />} label={t('history.clear')} onClick={onClear} />
      ) : null}
      <ShowButton batchId={batchId} />
    </div>
  );
}

function ShowButton({ batchId }: { batchId: number }) {
  const { t } = useTranslation();
  const { client } = useSession();
  const attempt = useAttempt();
  const shown = useLibrary((library) => library.shown.includes(batchId));
  const show = async () => {
    await attempt(() => useLibrary.getState().show(client, batchId));
    const { panels, toggle } = useView.getState();
    if (!panels.strip) toggle('strip');
  };
  return (
    <Button
      className={styles.show}
      onClick={() => (shown ? useLibrary.getState().hide([batchId]) : void show())}
    >
      {shown ? t('history.hide') : t('history.show')}
    </Button>
  );
}
