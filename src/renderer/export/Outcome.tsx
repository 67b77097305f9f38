import { useTranslation } from 'react-i18next';
import type { Export } from '../../shared/contract/exports.ts';
import { formatCount } from '../components/figures.ts';
import styles from './ExportList.module.css';

/** What became of an export, said aloud when it ends; nothing while it runs. */
export function Outcome({ of: { state, filesDone, filesTotal, skipped, problems } }: { of: Export }) {
  const { t, i18n } = useTranslation();
  const done = formatCount(filesDone, i18n.language);
  const total = formatCount(filesTotal, i18n.language);
  return (
    <>
      <p className={styles.words} role="status" data-state={state}>
        {state === 'done' ? t('exporting.exported', { count: filesDone }) : null}
        {state === 'cancelled' ? t('exporting.cancelled', { done, total }) : null}
        {state === 'failed' ? t('exporting.failed', { done, total }) : null}
        {skipped > 0 && state !== 'running' ? ` ${t('exporting.skipped', { count: skipped })}` : null}
      </p>
      {problems.length > 0 ? (
        <details className={styles.problems} open={problems.length <= 3}>
          <summary>{t('exporting.problems', { count: problems.length })}</summary>
          <ul>
            {problems.map((problem, index) => (
              <li key={index}>{problem}</li>
            ))}
          </ul>
        </details>
      ) : null}
    </>
  );
}
