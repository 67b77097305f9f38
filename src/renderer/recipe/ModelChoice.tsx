import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { Model } from '../../shared/contract/shell.ts';
import { useSession } from '../stores/session-store.ts';
import styles from './ModelChoice.module.css';
import panel from './RecipePanel.module.css';
import { formatSpeed } from './recipe-facts.ts';
import { useRecipe } from './use-recipe.ts';

/** The networks that enlarge, one card each. */
export function ModelChoice() {
  const { t } = useTranslation();
  const { models } = useSession();
  const { recipe, change } = useRecipe();
  const upscalers = models.filter(({ task }) => task === 'upscale');
  return (
    <fieldset className={panel.section}>
      <legend className={panel.heading}>{t('recipe.model')}</legend>
      {upscalers.map((model) => (
        <ModelCard
          key={model.id}
          model={model}
          chosen={model.id === recipe.model}
          onChoose={() => change({ model: model.id })}
        />
      ))}
    </fieldset>
  );
}

interface ModelCardProps {
  model: Model;
  chosen: boolean;
  onChoose(): void;
}

function ModelCard({ model, chosen, onChoose }: ModelCardProps) {
  const { t, i18n } = useTranslation();
  const id = useId();
  const speed =
    model.speed === null
      ? t('recipe.notMeasured')
      : t('recipe.speed', { speed: formatSpeed(model.speed, i18n.language) });
  return (
    <label className={styles.card}>
      <input
        type="radio"
        className={styles.input}
        name="model"
        checked={chosen}
        onChange={onChoose}
        aria-labelledby={`${id}-title`}
        aria-describedby={`${id}-description ${id}-speed`}
      />
      <span className={styles.words}>
        <span className={styles.line}>
          <span id={`${id}-title`} className={styles.title}>
            {model.title}
          </span>
          <span id={`${id}-speed`} className={styles.speed}>
            {speed}
          </span>
        </span>
        <span id={`${id}-description`} className={styles.description}>
          {model.description}
        </span>
      </span>
    </label>
  );
}
