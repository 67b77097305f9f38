import { useTranslation } from 'react-i18next';
import { Segments } from '../components/Segments.tsx';
import styles from './ExportDialog.module.css';
import { useExportChoices } from './export-store.ts';
import type { Choice } from './use-choice.ts';

/** Which results. */
export function WhatField({ choice: { what, counts, chosen } }: { choice: Choice }) {
  const { t } = useTranslation();
  if (counts.all === 0) return <p className={styles.note}>{t('exporting.nothing')}</p>;
  return (
    <div className={styles.field}>
      <Segments
        label={t('exporting.what')}
        value={what}
        options={[
          { value: 'selected', label: t('exporting.selected', { count: counts.selected }) },
          { value: 'all', label: t('exporting.all', { count: counts.all }) },
        ]}
        onChange={(next) => useExportChoices.setState({ what: next })}
      />
      {chosen === 0 ? <p className={styles.note}>{t('exporting.none')}</p> : null}
    </div>
  );
}
