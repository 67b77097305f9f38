import { type SubmitEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorOf } from '../../shared/contract/error.ts';
import type { Model } from '../../shared/contract/shell.ts';
import { Button } from '../components/Button.tsx';
import { formatShare } from '../components/figures.ts';
import { Segments } from '../components/Segments.tsx';
import { SliderField } from '../components/SliderField.tsx';
import { TextField } from '../components/TextField.tsx';
import { useClient } from '../stores/session-store.ts';
import { changeOf, type EditedModel, editedOf } from './edited-model.ts';
import styles from './Form.module.css';
import { WrongLooks } from './WrongLooks.tsx';

interface ModelEditProps {
  model: Model;
  onClose(): void;
}

const TASKS = ['upscale', 'restore'] as const;

/** Changes what a model is called, and how it is run. */
export function ModelEdit({ model, onClose }: ModelEditProps) {
  const { t, i18n } = useTranslation();
  const client = useClient();
  const title = useRef<HTMLInputElement>(null);
  const [edited, setEdited] = useState(() => editedOf(model));
  const [saving, setSaving] = useState(false);
  const [problem, setProblem] = useState<string>();
  useEffect(() => title.current?.focus(), []);
  const edit = (part: Partial<EditedModel>) => setEdited((before) => ({ ...before, ...part }));
  const nameless = edited.title.trim() === '';
  const save = async (event: SubmitEvent) => {
    event.preventDefault();
    const change = changeOf(model, edited);
    if (nameless || saving) return;
    if (Object.keys(change).length === 0) return onClose();
    setSaving(true);
    setProblem(undefined);
    try {
      await client.models.change({ id: model.id, change });
      onClose();
    } catch (error) {
      setProblem(errorOf(error).message);
      setSaving(false);
    }
  };
  return (
    <form className={styles.form} onSubmit={(event) => void save(event)} noValidate>
      <div className={styles.pair}>
        <TextField
          ref={title}
          label={t('models.name')}
          value={edited.title}
          longest={200}
          problem={nameless ? t('models.needsTitle') : undefined}
          onChange={(value) => edit({ title: value })}
        />
        <TextField
          label={t('models.licenceField')}
          value={edited.licence}
          longest={200}
          onChange={(licence) => edit({ licence })}
        />
      </div>
      <TextField
        label={t('models.description')}
        value={edited.description}
        longest={2000}
        rows={2}
        onChange={(description) => edit({ description })}
      />
      <TextField
        label={t('models.sourceField')}
        value={edited.source}
        longest={2000}
        onChange={(source) => edit({ source })}
      />
      {model.task === 'upscale' || model.task === 'restore' ? (
        <Segments
          label={t('models.task')}
          value={edited.task === 'restore' ? 'restore' : 'upscale'}
          options={TASKS.map((value) => ({ value, label: t(`models.tasks.${value}`) }))}
          onChange={(task) => edit({ task })}
        />
      ) : null}
      {edited.strength === undefined ? null : (
        <SliderField
          label={t('models.strength')}
          min={0}
          value={edited.strength}
          words={formatShare(edited.strength / 100, i18n.language)}
          onChange={(strength) => edit({ strength })}
        >
          <span>{formatShare(edited.strength / 100, i18n.language)}</span>
        </SliderField>
      )}
      <WrongLooks model={model} edited={edited} onEdit={edit} />
      {problem === undefined ? null : (
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
      )}
      <div className={styles.buttons}>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button type="submit" look="primary" disabled={nameless} aria-busy={saving}>
          {t(saving ? 'models.saving' : 'models.save')}
        </Button>
      </div>
    </form>
  );
}
