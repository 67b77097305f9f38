import type { SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelQuestion } from '../../shared/probing.ts';
import { Button } from '../components/Button.tsx';
import { Radios } from '../components/Radios.tsx';
import { TextField } from '../components/TextField.tsx';
import styles from './Form.module.css';
import { FoundFacts } from './FoundFacts.tsx';
import { type ModelImport, type SaidOfImport, sayOfImport } from './import-store.ts';
import { addImport, dismissImport } from './importing.ts';

/** What was found of a file, what only its user knows, and what it shall be called. */
export function ImportForm({ of: { key, state, examined, said, reason } }: { of: ModelImport }) {
  const { t } = useTranslation();
  if (!examined || !said) return null;
  const { findings } = examined;
  const { questions, notes } = findings;
  const nameless = said.title.trim() === '';
  const adding = state === 'adding';
  const say = (part: Partial<SaidOfImport>) => sayOfImport(key, part);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!nameless && !adding) void addImport(key);
  };
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <FoundFacts findings={findings} answers={said.answers} />
      {notes.map((note) => (
        <p key={note} className={styles.note}>
          {note}
        </p>
      ))}
      {questions.length > 0 ? (
        <Questions
          questions={questions}
          answers={said.answers}
          onAnswer={(id, value) => say({ answers: { ...said.answers, [id]: value } })}
        />
      ) : null}
      <div className={styles.pair}>
        <TextField
          label={t('models.name')}
          value={said.title}
          longest={200}
          problem={nameless ? t('models.needsTitle') : undefined}
          onChange={(title) => say({ title })}
        />
        <TextField
          label={t('models.licenceField')}
          value={said.licence}
          longest={200}
          onChange={(licence) => say({ licence })}
        />
      </div>
      <TextField
        label={t('models.sourceField')}
        value={said.source}
        longest={2000}
        onChange={(source) => say({ source })}
      />
      {reason === undefined ? null : (
        <p role="alert" className={styles.problem}>
          {reason}
        </p>
      )}
      <div className={styles.buttons}>
        {adding ? <p className={styles.busy}>{t('models.adding')}</p> : null}
        <Button disabled={adding} onClick={() => dismissImport(key)}>
          {t('models.discard')}
        </Button>
        <Button type="submit" look="primary" disabled={nameless || adding} aria-busy={adding}>
          {t('models.add')}
        </Button>
      </div>
    </form>
  );
}

interface QuestionsProps {
  questions: readonly ModelQuestion[];
  answers: Readonly<Record<string, string>>;
  onAnswer(id: string, value: string): void;
}

function Questions({ questions, answers, onAnswer }: QuestionsProps) {
  const { t } = useTranslation();
  return (
    <fieldset className={styles.group}>
      <legend className={styles.legend}>{t('models.questions')}</legend>
      {questions.map(({ id, text, choices, default: usual }) => (
        <Radios
          key={id}
          label={text}
          value={answers[id] ?? usual}
          options={choices.map(({ value, label }) => ({ value, label }))}
          onChange={(value) => onAnswer(id, value)}
        />
      ))}
    </fieldset>
  );
}
