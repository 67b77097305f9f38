import { useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DEFAULT_QUALITY } from '../../shared/formats.ts';
import { useSessionStore } from '../stores/session-store.ts';
import styles from './QualityField.module.css';
import panel from './RecipePanel.module.css';
import { defaultQuality, parseQuality, withQuality } from './recipe-facts.ts';
import { changeRecipeSoon, useRecipe } from './use-recipe.ts';

/** How much a lossy format may lose: a slider, and the same as a number. */
export function QualityField() {
  const { t } = useTranslation();
  const id = useId();
  const { recipe } = useRecipe();
  const { quality, format } = recipe;
  const flush = useSessionStore((store) => store.flush);
  const fallback = defaultQuality(format);
  const set = (value: number | undefined) => changeRecipeSoon((latest) => withQuality(latest, value));
  const note =
    quality !== undefined
      ? undefined
      : fallback === undefined
        ? t('recipe.qualityKeep', DEFAULT_QUALITY)
        : t('recipe.qualityDefault');
  return (
    <div className={styles.field}>
      <span className={styles.line}>
        <label htmlFor={id} className={panel.label}>
          {t('recipe.quality')}
        </label>
        {quality === undefined ? null : (
          <button type="button" className={styles.reset} onClick={() => set(undefined)}>
            {t('recipe.qualityReset')}
          </button>
        )}
      </span>
      <span className={styles.line}>
        <input
          id={id}
          className={styles.slider}
          type="range"
          min={1}
          max={100}
          value={quality ?? fallback ?? DEFAULT_QUALITY.jpeg}
          data-default={quality === undefined || undefined}
          aria-describedby={note === undefined ? undefined : `${id}-note`}
          onChange={({ target }) => set(target.valueAsNumber)}
          onBlur={flush}
        />
        <QualityNumber shown={quality ?? fallback} onChange={set} />
      </span>
      {note === undefined ? null : (
        <span id={`${id}-note`} className={panel.note}>
          {note}
        </span>
      )}
    </div>
  );
}

interface QualityNumberProps {
  shown: number | undefined;
  onChange(quality: number): void;
}

function QualityNumber({ shown, onChange }: QualityNumberProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(String(shown ?? ''));
  useEffect(() => setText(String(shown ?? '')), [shown]);
  const settle = () => {
    const quality = parseQuality(text);
    if (quality !== undefined && quality !== shown) onChange(quality);
    else setText(String(shown ?? ''));
  };
  return (
    <input
      className={styles.number}
      inputMode="numeric"
      placeholder={t('recipe.qualityNone')}
      aria-label={t('recipe.qualityNumber')}
      value={text}
      onChange={({ target }) => setText(target.value)}
      onBlur={settle}
      onKeyDown={({ key }) => key === 'Enter' && settle()}
    />
  );
}
