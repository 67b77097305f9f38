import { useTranslation } from 'react-i18next';
import { DEFAULT_QUALITY } from '../../shared/formats.ts';
import { SliderField } from '../components/SliderField.tsx';
import { useSessionStore } from '../stores/session-store.ts';
import { NumberField } from './NumberField.tsx';
import { defaultQuality, parseQuality, withQuality } from './recipe-facts.ts';
import { changeRecipeSoon, useRecipe } from './use-recipe.ts';

/** How much a lossy format may lose: a slider, and the same as a number. */
export function QualityField() {
  const { t } = useTranslation();
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
    <SliderField
      label={t('recipe.quality')}
      min={1}
      value={quality ?? fallback ?? DEFAULT_QUALITY.jpeg}
      usual={quality === undefined}
      reset={quality === undefined ? undefined : { label: t('recipe.useDefault'), run: () => set(undefined) }}
      note={note}
      onChange={set}
      onBlur={flush}
    >
      <NumberField
        label={t('recipe.qualityNumber')}
        shown={String(quality ?? fallback ?? '')}
        placeholder={t('recipe.qualityNone')}
        parse={parseQuality}
        onChange={set}
      />
    </SliderField>
  );
}
