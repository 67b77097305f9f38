import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useShallow } from 'zustand/shallow';
import { useLibrary } from '../stores/library-store.ts';
import styles from './ExportList.module.css';
import { ExportRow } from './ExportRow.tsx';

/** Exports that run, and what became of those before, the newest first. */
export function ExportList() {
  const { t } = useTranslation();
  const id = useId();
  const ids = useLibrary(useShallow(({ exports }) => [...exports.keys()].sort((a, b) => b - a)));
  if (ids.length === 0) return null;
  return (
    <section aria-labelledby={id} className={styles.section}>
      <h3 id={id} className={styles.heading}>
        {t('exporting.list')}
      </h3>
      <ul className={styles.list}>
        {ids.map((exportId) => (
          <ExportRow key={exportId} id={exportId} />
        ))}
      </ul>
    </section>
  );
}
