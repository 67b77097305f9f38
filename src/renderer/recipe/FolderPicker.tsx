import { useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/Button.tsx';
import { Dialog } from '../components/Dialog.tsx';
import { useSession } from '../stores/session-store.ts';
import pieces from '../styles/pieces.module.css';
import { FolderList } from './FolderList.tsx';
import styles from './FolderPicker.module.css';
import { folderIn } from './folder-path.ts';
import { belowRoot } from './out-store.ts';

interface FolderPickerProps {
  open: boolean;
  /** The folder that is shown first, relative to the root. */
  start: string;
  onClose(): void;
  /** With a path relative to the root; the last part of it may not be there yet. */
  onChoose(path: string): void;
}

/** Chooses a folder below the root, or names a new one. Only where there is a root. */
export function FolderPicker({ open, start, onClose, onChoose }: FolderPickerProps) {
  const { t } = useTranslation();
  const id = useId();
  const { root = '' } = useSession().capabilities;
  const [path, setPath] = useState(start);
  const [name, setName] = useState('');
  useEffect(() => {
    if (!open) return;
    setPath(start);
    setName('');
  }, [open, start]);
  const target = folderIn(path, name);
  const choose = () => target !== undefined && onChoose(target);
  return (
    <Dialog
      title={t('recipe.picker')}
      open={open}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button look="primary" disabled={target === undefined} onClick={choose}>
            {t('recipe.pickerChoose')}
          </Button>
        </>
      }
    >
      <FolderList path={path} onOpen={setPath} />
      <div className={styles.field}>
        <label htmlFor={id} className={styles.label}>
          {t('recipe.pickerNew')}
        </label>
        <input
          id={id}
          className={pieces.textField}
          value={name}
          maxLength={255}
          spellCheck={false}
          autoComplete="off"
          aria-invalid={target === undefined}
          aria-describedby={`${id}-target`}
          onChange={(event) => setName(event.target.value)}
          onKeyDown={({ key }) => key === 'Enter' && choose()}
        />
        <p id={`${id}-target`} className={styles.target} aria-live="polite">
          {target === undefined ? (
            <span className={styles.problem}>{t('recipe.pickerBadName')}</span>
          ) : (
            <>
              <span className={styles.label}>{t('recipe.pickerTarget')}</span>{' '}
              <span>{belowRoot(root, target)}</span>
            </>
          )}
        </p>
      </div>
    </Dialog>
  );
}
