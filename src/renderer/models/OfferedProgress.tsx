import { useTranslation } from 'react-i18next';
import { formatBytes } from '../components/figures.ts';
import { ProgressBar } from '../components/ProgressBar.tsx';
import rows from './ModelRow.module.css';
import styles from './OfferedRow.module.css';
import type { OfferedState } from './offered-facts.ts';

/** How much of a model has arrived, while not all of it is here. */
export function OfferedProgress({ title, state }: { title: string; state: OfferedState }) {
  const { t, i18n } = useTranslation();
  if (state.kind === 'absent' || state.kind === 'here') return null;
  const label = t('models.progress', { title });
  if (state.kind === 'checking') {
    return (
      <div className={styles.progress}>
        <ProgressBar label={label} words={t('models.checking')} />
        <p className={rows.quiet}>{t('models.checking')}</p>
      </div>
    );
  }
  const { bytesDone, bytesTotal } = state;
  const done = formatBytes(bytesDone, i18n.language);
  const total = formatBytes(bytesTotal, i18n.language);
  if (state.kind === 'partial') {
    return <p className={rows.quiet}>{t('models.partial', { done, total })}</p>;
  }
  const words = t('models.bytes', { done, total });
  return (
    <div className={styles.progress}>
      <ProgressBar label={label} words={words} share={Math.min(1, bytesDone / bytesTotal)} />
      <p className={rows.quiet}>{words}</p>
    </div>
  );
}
