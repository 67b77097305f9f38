import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { Choice as Choosing } from '../components/Choice.tsx';
import { Segments } from '../components/Segments.tsx';
import pieces from '../styles/pieces.module.css';
import styles from './ExportDialog.module.css';
import { useExportChoices } from './export-store.ts';
import { FolderField } from './FolderField.tsx';
import type { Choice } from './use-choice.ts';

const COLLISIONS = ['number', 'skip', 'overwrite'] as const;

/** Where to, and what becomes of what stands there. */
export function ToFields({ choice }: { choice: Choice }) {
  const { t } = useTranslation();
  const { ways, way, folder, onCollision } = choice;
  return (
    <>
      <div className={styles.field}>
        {ways.length > 1 ? (
          <Segments
            label={t('exporting.to')}
            value={way}
            options={ways.map((value) => ({ value, label: t(`exporting.way.${value}`) }))}
            onChange={(next) => useExportChoices.setState({ way: next })}
          />
        ) : null}
        <p className={styles.note}>{t(`exporting.note.${way}`)}</p>
      </div>
      {way === 'download' ? null : <FolderField folder={folder} />}
      {way === 'zip' ? <NameField name={choice.name} /> : null}
      {way === 'folder' ? (
        <Choosing
          label={t('exporting.collision')}
          value={onCollision}
          options={COLLISIONS.map((value) => ({
            value,
            label: t(`exporting.${value}`),
            ...(value === 'overwrite' ? { note: t('recipe.overwriteNote') } : {}),
          }))}
          onChange={(next) => useExportChoices.setState({ onCollision: next })}
        />
      ) : null}
    </>
  );
}

function NameField({ name }: { name: string }) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={styles.label}>
        {t('exporting.name')}
      </label>
      <input
        id={id}
        className={pieces.textField}
        value={name}
        maxLength={200}
        spellCheck={false}
        autoComplete="off"
        aria-invalid={name.trim() === ''}
        onChange={({ target }) => useExportChoices.setState({ name: target.value })}
      />
    </div>
  );
}
