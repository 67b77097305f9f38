import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/Button.tsx';
import { removeEntries } from './adding.ts';
import { readyOf, uploadTotals } from './entries.ts';
import { type Entry, useIntake } from './intake-store.ts';
import { PlanWords } from './PlanWords.tsx';
import styles from './StartPanel.module.css';
import { startEntries } from './starting.ts';
import { usePlan } from './use-plan.ts';

/** What was added and is in no batch yet: how far it is, what would become of it, and Start. */
export function StartPanel() {
  const entries = useIntake((intake) => intake.entries);
  const starting = useIntake((intake) => intake.starting);
  const ready = useMemo(() => readyOf(entries).filter(({ key }) => !starting.has(key)), [entries, starting]);
  const uploading = entries.filter(({ state }) => state === 'uploading');
  if (uploading.length > 0) return <Uploading entries={entries} uploading={uploading} />;
  if (starting.size > 0) return <Preparing />;
  return ready.length > 0 ? <Waiting ready={ready} /> : null;
}

function Uploading({ entries, uploading }: { entries: readonly Entry[]; uploading: readonly Entry[] }) {
  const { t } = useTranslation();
  const { files, done, share } = uploadTotals(entries);
  const words = t('intake.uploading', { done, count: files });
  return (
    <section className={styles.panel} aria-label={words}>
      <div className={styles.line}>
        <span>{words}</span>
        <Button look="quiet" onClick={() => removeEntries(new Set(uploading.map(({ key }) => key)))}>
          {t('intake.stop')}
        </Button>
      </div>
      <progress className={styles.progress} value={share} aria-label={words} />
    </section>
  );
}

function Preparing() {
  const { t } = useTranslation();
  return (
    <section className={styles.panel} aria-label={t('intake.preparing')}>
      <p className={styles.quiet}>{t('intake.preparing')}</p>
    </section>
  );
}

function Waiting({ ready }: { ready: readonly Entry[] }) {
  const { t } = useTranslation();
  const planned = usePlan(ready);
  const useless = planned.plan !== undefined && planned.plan.counts.files === 0;
  return (
    <section className={styles.panel} aria-label={t('intake.waiting')}>
      <PlanWords {...planned} />
      <Button look="primary" disabled={useless} onClick={() => void startEntries(ready)}>
        {t('intake.start')}
      </Button>
    </section>
  );
}
