import { useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  DEFAULT_TEMPLATE,
  NAME_TOKENS,
  type TemplateProblem,
  templateProblem,
} from '../../shared/name-template.ts';
import { useSession, useSessionStore } from '../stores/session-store.ts';
import pieces from '../styles/pieces.module.css';
import styles from './NameField.module.css';
import { previewName, withToken } from './name-preview.ts';
import panel from './RecipePanel.module.css';
import { changeRecipeSoon, useRecipe } from './use-recipe.ts';
import { useSample } from './use-sample.ts';

/** Names of results: a template, what can be put into it, and what comes of it. */
export function NameField() {
  const { t } = useTranslation();
  const id = useId();
  const { recipe } = useRecipe();
  const flush = useSessionStore((store) => store.flush);
  const input = useRef<HTMLInputElement>(null);
  const [template, setTemplate] = useState(recipe.name);
  useEffect(() => setTemplate(recipe.name), [recipe.name]);
  const problem = templateProblem(template);

  const change = (next: string) => {
    setTemplate(next);
    // One that makes no sense stays here: whatever is added meanwhile is named as before.
    if (!templateProblem(next)) changeRecipeSoon((latest) => ({ ...latest, name: next }));
  };
  const insert = (token: string) => {
    const field = input.current;
    if (!field) return;
    const start = field.selectionStart ?? template.length;
    const next = withToken(template, token, { start, end: field.selectionEnd ?? start });
    change(next.template);
    requestAnimationFrame(() => {
      field.focus();
      field.setSelectionRange(next.cursor, next.cursor);
    });
  };
  return (
    <fieldset className={panel.section}>
      <legend className={panel.heading}>{t('recipe.names')}</legend>
      <input
        ref={input}
        aria-label={t('recipe.template')}
        className={`${pieces.textField} ${styles.input}`}
        value={template}
        maxLength={255}
        spellCheck={false}
        autoComplete="off"
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-preview`}
        onChange={({ target }) => change(target.value)}
        onBlur={flush}
      />
      <div id={`${id}-preview`} className={styles.preview} aria-live="polite">
        {problem ? <Problem problem={problem} /> : null}
        <Preview problematic={problem !== undefined} />
      </div>
      <Tokens onInsert={insert} />
      {template === DEFAULT_TEMPLATE ? null : (
        <button type="button" className={styles.reset} onClick={() => change(DEFAULT_TEMPLATE)}>
          {t('recipe.resetTemplate')}
        </button>
      )}
    </fieldset>
  );
}

function Tokens({ onInsert }: { onInsert(token: string): void }) {
  const { t } = useTranslation();
  return (
    <fieldset className={styles.tokens} aria-label={t('recipe.tokens')}>
      {NAME_TOKENS.map((token) => (
        <button
          key={token}
          type="button"
          className={styles.token}
          title={t(`recipe.token.${token}`)}
          onClick={() => onInsert(token)}
        >
          {`{${token}}`}
        </button>
      ))}
    </fieldset>
  );
}

function Problem({ problem }: { problem: TemplateProblem }) {
  const { t } = useTranslation();
  const words = () => {
    switch (problem.kind) {
      case 'unknown': {
        const known = NAME_TOKENS.map((token) => `{${token}}`).join(' ');
        return t('recipe.unknownToken', { token: problem.token, known });
      }
      case 'path':
        return t('recipe.pathInTemplate');
      case 'empty':
        return t('recipe.emptyTemplate');
    }
  };
  return <p className={styles.problem}>{words()}</p>;
}

function Preview({ problematic }: { problematic: boolean }) {
  const { t } = useTranslation();
  const { recipe } = useRecipe();
  const { models } = useSession();
  const sample = useSample() ?? { name: t('recipe.sampleName') };
  const scale = models.find(({ id }) => id === recipe.model)?.scale ?? 2;
  const name = previewName(recipe, sample, { scale, index: 1 });
  return problematic ? (
    <p className={panel.note}>{t('recipe.notUsed', { name })}</p>
  ) : (
    <p className={styles.example}>
      <span className={panel.note}>{t('recipe.example')}</span> {name}
    </p>
  );
}
