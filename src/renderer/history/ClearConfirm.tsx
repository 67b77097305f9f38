import { useTranslation } from 'react-i18next';
import type { BatchRecord } from '../../shared/jobs.ts';
import { Confirm } from '../components/Confirm.tsx';
import { toasts } from '../components/toasts.ts';
import { useLibrary } from '../stores/library-store.ts';
import { useClient } from '../stores/session-store.ts';
import { useAttempt } from '../stores/use-attempt.ts';
import { hasEnded, isKept, keptResults } from './batch-facts.ts';

/** What is about to be cleared: one batch, or all that have ended. */
export type Clearing = { kind: 'one'; batch: BatchRecord } | { kind: 'ended' };

interface ClearConfirmProps {
  clearing: Clearing | undefined;
  onClose(): void;
  onCleared(batchIds: ReadonlySet<number>): void;
}

/** Says what goes and what stays, and clears. */
export function ClearConfirm({ clearing, onClose, onCleared }: ClearConfirmProps) {
  const { t } = useTranslation();
  const client = useClient();
  const attempt = useAttempt();
  const clear = async () => {
    onClose();
    if (!clearing) return;
    const { batches } = useLibrary.getState();
    const ended = [...batches.values()].filter(hasEnded).map(({ id }) => id);
    const batchIds = clearing.kind === 'one' ? [clearing.batch.id] : ended;
    const cleared = await attempt(() => client.batches.clear(clearing.kind === 'one' ? { batchIds } : {}));
    if (!cleared) return;
    onCleared(new Set(batchIds));
    toasts.add({ description: t('history.cleared', { count: cleared.count }) });
  };
  const title =
    clearing?.kind === 'one'
      ? t('history.clearTitle', { title: clearing.batch.title })
      : t('history.clearAllTitle');
  return (
    <Confirm
      title={title}
      open={clearing !== undefined}
      onClose={onClose}
      action={t('history.clearDo')}
      onConfirm={() => void clear()}
    >
      <p>{t('history.clearForgets')}</p>
      {clearing ? <What clearing={clearing} /> : null}
    </Confirm>
  );
}

function What({ clearing }: { clearing: Clearing }) {
  const { t } = useTranslation();
  if (clearing.kind === 'ended') {
    return (
      <>
        <p>{t('history.clearSavedAll')}</p>
        <p>{t('history.clearKeptAll')}</p>
      </>
    );
  }
  const { batch } = clearing;
  if (!isKept(batch)) return <p>{t('history.clearSaved', { folder: batch.out })}</p>;
  const count = keptResults([batch]);
  return count > 0 ? <p>{t('history.clearKept', { count })}</p> : null;
}
