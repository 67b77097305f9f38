import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { useShallow } from 'zustand/react/shallow';
import type { BatchState } from '../../shared/jobs.ts';
import { IconButton } from '../components/Button.tsx';
import { MoreIcon, RemoveIcon, WarningIcon } from '../components/icons.tsx';
import { MenuButton } from '../components/Menu.tsx';
import { removeEntries } from '../intake/adding.ts';
import { useIntake } from '../intake/intake-store.ts';
import { endedOf, totalOf, useLibrary } from '../stores/library-store.ts';
import { GridCell, GridHeader, GridRow } from './grid.tsx';
import styles from './HeadingRow.module.css';
import { useBatchCommands } from './use-batch-commands.tsx';

const WORDS = {
  queued: 'strip.batchQueued',
  running: 'strip.batchRunning',
  paused: 'strip.batchPaused',
  partial: 'strip.batchPartial',
  done: 'strip.batchDone',
  cancelled: 'strip.batchCancelled',
} as const satisfies Record<BatchState, string>;

/** What stands above the files of a batch. */
export const BatchRow = memo(function BatchRow({ batchId, line }: { batchId: number; line: number }) {
  const { t } = useTranslation();
  const batch = useLibrary((library) => library.batches.get(batchId));
  const obstacle = useLibrary((library) => library.obstacles.get(batchId));
  const commands = useBatchCommands(batch);
  if (!batch) return null;
  const why = obstacle ?? (batch.state === 'paused' || batch.state === 'cancelled' ? batch.reason : null);
  return (
    <GridRow line={line} className={styles.row}>
      <GridHeader className={styles.words}>
        <span className={styles.title} title={batch.title}>
          {batch.title}
        </span>
        <span className={styles.progress}>
          {t('strip.batchProgress', { done: endedOf(batch), total: totalOf(batch) })}
          {' · '}
          {t(WORDS[batch.state])}
        </span>
        {why ? (
          <span className={styles.obstacle}>
            <WarningIcon />
            {why}
          </span>
        ) : null}
      </GridHeader>
      <GridCell>
        <MenuButton
          align="end"
          trigger={<IconButton icon={<MoreIcon />} label={t('strip.batchMenu', { title: batch.title })} />}
          commands={commands}
        />
      </GridCell>
    </GridRow>
  );
});

/** What stands above what is in no batch yet. */
export function AddedRow({ line }: { line: number }) {
  const { t } = useTranslation();
  const useless = useIntake(
    useShallow(({ entries }) =>
      entries.flatMap(({ key, state }) => (state === 'refused' || state === 'failed' ? [key] : [])),
    ),
  );
  return (
    <GridRow line={line} className={styles.row}>
      <GridHeader className={styles.words}>
        <span className={styles.title}>{t('strip.added')}</span>
      </GridHeader>
      {useless.length > 0 ? (
        <GridCell>
          <IconButton
            icon={<RemoveIcon />}
            label={t('strip.dismissRefused')}
            onClick={() => removeEntries(new Set(useless))}
          />
        </GridCell>
      ) : null}
    </GridRow>
  );
}
