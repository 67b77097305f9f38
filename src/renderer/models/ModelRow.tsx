import { useId, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Model } from '../../shared/contract/shell.ts';
import { IconButton } from '../components/Button.tsx';
import { EditIcon, RemoveIcon } from '../components/icons.tsx';
import { ModelEdit } from './ModelEdit.tsx';
import styles from './ModelRow.module.css';
import { ModelWords } from './ModelWords.tsx';
import { isForRecipes } from './model-facts.ts';
import { UseButton } from './UseButton.tsx';

interface ModelRowProps {
  model: Model;
  onRemove(): void;
}

/** A model that is here: what it is, and what can be done with it. */
export function ModelRow({ model, onRemove }: ModelRowProps) {
  const { t } = useTranslation();
  const id = useId();
  const [editing, setEditing] = useState(false);
  const editButton = useRef<HTMLButtonElement>(null);
  const { title } = model;
  const wasEditing = useRef(false);
  useLayoutEffect(() => {
    // As soon as the form is gone: a dialog takes what nothing has.
    if (wasEditing.current && !editing) editButton.current?.focus();
    wasEditing.current = editing;
  }, [editing]);
  return (
    <li className={styles.row} aria-labelledby={id}>
      <div className={styles.head}>
        <h3 id={id} className={styles.title}>
          {title}
        </h3>
        {model.origin === 'added' ? <span className={styles.mark}>{t('models.added')}</span> : null}
        <span className={styles.actions}>
          {isForRecipes(model) ? <UseButton model={model} /> : null}
          {model.origin === 'added' ? (
            <>
              <IconButton
                ref={editButton}
                icon={<EditIcon />}
                label={t('models.edit', { title })}
                aria-expanded={editing}
                onClick={() => setEditing(!editing)}
              />
              <IconButton icon={<RemoveIcon />} label={t('models.remove', { title })} onClick={onRemove} />
            </>
          ) : null}
        </span>
      </div>
      {editing ? <ModelEdit model={model} onClose={() => setEditing(false)} /> : <ModelWords model={model} />}
    </li>
  );
}
