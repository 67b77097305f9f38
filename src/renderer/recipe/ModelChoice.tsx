import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { Model } from '../../shared/contract/shell.ts';
import { groupModels, type ModelGroup } from '../models/model-facts.ts';
import { openModels } from '../models/models-view-store.ts';
import { useSession } from '../stores/session-store.ts';
import styles from './ModelChoice.module.css';
import panel from './RecipePanel.module.css';
import { formatSpeed } from './recipe-facts.ts';
import { StrengthField } from './StrengthField.tsx';
import { useRecipe } from './use-recipe.ts';

/** From so many models on, only the chosen one says what it is good for. */
const MANY = 6;

/** The networks that enlarge or restore, one card each, and how strongly the chosen one works. */
export function ModelChoice() {
  const { t } = useTranslation();
  const { models } = useSession();
  const { recipe } = useRecipe();
  const groups = groupModels(models);
  const offered = groups.flatMap((group) => group.models);
  const strength = offered.find(({ id }) => id === recipe.model)?.strength;
  return (
    <fieldset className={panel.section}>
      <legend className={panel.heading}>{t('recipe.model')}</legend>
      {groups.map((group) => (
        <Group key={`${group.kind} ${group.scale}`} group={group} brief={offered.length >= MANY} />
      ))}
      {offered.length === 0 ? <p className={panel.note}>{t('recipe.noModels')}</p> : null}
      {strength === undefined ? null : <StrengthField usual={strength} />}
      <button type="button" className={styles.manage} onClick={openModels}>
        {t('models.manage')}
      </button>
    </fieldset>
  );
}

function Group({ group, brief }: { group: ModelGroup; brief: boolean }) {
  const { t } = useTranslation();
  const id = useId();
  const { recipe, use } = useRecipe();
  const { kind, scale, models } = group;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset in a fieldset would be read with both of their names.
    <div role="group" aria-labelledby={id} className={styles.group}>
      <h3 id={id} className={styles.doing}>
        {t(`recipe.modelsOf.${kind}`, { scale })}
      </h3>
      {models.map((model) => (
        <ModelCard
          key={model.id}
          model={model}
          chosen={model.id === recipe.model}
          brief={brief}
          onChoose={() => use(model.id)}
        />
      ))}
    </div>
  );
}

interface ModelCardProps {
  model: Model;
  chosen: boolean;
  /** What it is good for is seen only while it is chosen. */
  brief: boolean;
  onChoose(): void;
}

function ModelCard({ model, chosen, brief, onChoose }: ModelCardProps) {
  const { t, i18n } = useTranslation();
  const id = useId();
  const { title, description, task, scale, origin, speed } = model;
  const facts = [
    ...(scale === 1 ? [t('recipe.sameSize')] : []),
    ...(task === 'restore' && scale > 1 ? [t('recipe.alsoEnlarges', { scale })] : []),
    ...(origin === 'added' ? [t('recipe.yours')] : []),
    speed === null
      ? t('recipe.notMeasured')
      : t('recipe.speed', { speed: formatSpeed(speed, i18n.language) }),
  ];
  return (
    <label className={styles.card}>
      <input
        type="radio"
        className={styles.input}
        name="model"
        checked={chosen}
        onChange={onChoose}
        aria-labelledby={`${id}-title`}
        aria-describedby={`${id}-description ${id}-facts`}
      />
      <span className={styles.words}>
        <span className={styles.line}>
          <span id={`${id}-title`} className={styles.title}>
            {title}
          </span>
          <span id={`${id}-facts`} className={styles.facts}>
            {facts.join(' · ')}
          </span>
        </span>
        <span id={`${id}-description`} className={styles.description} hidden={brief && !chosen}>
          {description}
        </span>
      </span>
    </label>
  );
}
