import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { BatchRecord } from '../../shared/jobs.ts';
import { BatchActions } from './BatchActions.tsx';
import styles from './BatchRow.module.css';
import { countsOf, isKept, scaleOf } from './batch-facts.ts';

interface BatchRowProps {
  batch: BatchRecord;
  onClear(): void;
}

/** A batch of the journal: what, how many, when, where, and what can be done with it. */
export function BatchRow({ batch, onClear }: BatchRowProps) {
  const { t, i18n } = useTranslation();
  const id = useId();
  const scale = scaleOf(batch);
  const when = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'short' }).format(
    batch.createdAt,
  );
  const facts = [
    ...(scale === undefined ? [] : [`×${scale}`]),
    when,
    isKept(batch) ? t('history.kept') : batch.out,
  ];
  return (
    <li className={styles.row} aria-labelledby={id}>
      <div className={styles.words}>
        <h3 id={id} className={styles.title}>
          {batch.title}
        </h3>
        <p className={styles.counts}>
          <span className={styles.state} data-state={batch.state}>
            {t(`history.state.${batch.state}`)}
          </span>
          {countsOf(batch).map(({ kind, count }) => (
            <span key={kind} className={styles.count} data-kind={kind}>
              {t(`history.counts.${kind}`, { count })}
            </span>
          ))}
        </p>
        <p className={styles.facts}>{facts.join(' · ')}</p>
      </div>
      <BatchActions batch={batch} onClear={onClear} />
    </li>
  );
}
