import { useTranslation } from 'react-i18next';
import { IconButton } from '../components/Button.tsx';
import { formatCount } from '../components/figures.ts';
import { PauseIcon, PlayIcon } from '../components/icons.tsx';
import { useClient } from '../stores/session-store.ts';
import { useAttempt } from '../stores/use-attempt.ts';
import styles from './QueueStatus.module.css';
import type { QueueProgress } from './queue-progress.ts';
import { useQueue, useTimeLeft } from './use-queue.ts';

/** How far everything is, and the buttons that stop and go; nothing while nothing is to be done. */
export function QueueStatus() {
  const queue = useQueue();
  if (queue.state === 'idle') return null;
  return <Status queue={queue} />;
}

function Status({ queue }: { queue: QueueProgress }) {
  const { t, i18n } = useTranslation();
  const client = useClient();
  const attempt = useAttempt();
  const left = useTimeLeft(queue.state === 'working');
  const count = (value: number) => formatCount(value, i18n.language);
  const parts = [
    t('app.ofAll', { ended: count(queue.ended), total: count(queue.total) }),
    ...(queue.state === 'paused' ? [t('app.paused')] : []),
    ...(left ? [t(`app.left.${left.unit}`, { count: left.count })] : []),
  ];
  const forEach = (ids: readonly number[], call: (batchId: number) => Promise<unknown>) =>
    void attempt(async () => {
      for (const batchId of ids) await call(batchId);
    });
  return (
    <>
      <p className={styles.words}>
        {parts.join(' · ')}
        {queue.failed > 0 ? (
          <span className={styles.failed}>{t('app.failed', { count: queue.failed })}</span>
        ) : null}
      </p>
      {queue.active.length > 0 ? (
        <IconButton
          icon={<PauseIcon />}
          label={t('app.pauseAll')}
          onClick={() => forEach(queue.active.toReversed(), (batchId) => client.batches.pause({ batchId }))}
        />
      ) : null}
      {queue.paused.length > 0 ? (
        <IconButton
          icon={<PlayIcon />}
          label={t('app.resumeAll')}
          onClick={() => forEach(queue.paused, (batchId) => client.batches.resume({ batchId }))}
        />
      ) : null}
      <div
        className={styles.track}
        role="progressbar"
        aria-label={t('app.progress')}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.floor(queue.share * 100)}
        aria-valuetext={parts.join(' · ')}
      >
        <div
          className={styles.bar}
          data-state={queue.state}
          style={{ transform: `scaleX(${queue.share})` }}
        />
      </div>
    </>
  );
}
