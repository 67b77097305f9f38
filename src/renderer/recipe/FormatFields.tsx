import { useTranslation } from 'react-i18next';
import { Choice } from '../components/Choice.tsx';
import { Toggle } from '../components/Toggle.tsx';
import { QualityField } from './QualityField.tsx';
import styles from './RecipePanel.module.css';
import { isLossy } from './recipe-facts.ts';
import { useRecipe } from './use-recipe.ts';

const FORMATS = ['keep', 'jpeg', 'png', 'webp', 'avif', 'tiff'] as const;

/** What results are written as, and what they hold. */
export function FormatFields() {
  const { t } = useTranslation();
  const { recipe, change } = useRecipe();
  return (
    <fieldset className={styles.section}>
      <legend className={styles.heading}>{t('recipe.result')}</legend>
      <Choice
        label={t('recipe.format')}
        value={recipe.format}
        options={FORMATS.map((value) => ({
          value,
          label: t(`recipe.${value}`),
          note: t(`recipe.${value}Note`),
        }))}
        onChange={(format) => change({ format })}
      />
      {isLossy(recipe.format) ? <QualityField /> : null}
      <Toggle
        label={t('recipe.removeGps')}
        note={t('recipe.removeGpsNote')}
        checked={recipe.removeGps}
        onChange={(removeGps) => change({ removeGps })}
      />
    </fieldset>
  );
}
