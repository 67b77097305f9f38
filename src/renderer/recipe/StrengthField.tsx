import { useTranslation } from 'react-i18next';
import { formatShare } from '../components/figures.ts';
import { SliderField } from '../components/SliderField.tsx';
import { useSessionStore } from '../stores/session-store.ts';
import { NumberField } from './NumberField.tsx';
import { parsePercent, withStrength } from './recipe-facts.ts';
import { changeRecipeSoon, useRecipe } from './use-recipe.ts';

/** How strongly a network works that lets one choose. `usual`: the strength where nobody does, 0 to 1. */
export function StrengthField({ usual }: { usual: number }) {
  const { t, i18n } = useTranslation();
  const { recipe } = useRecipe();
  const flush = useSessionStore((store) => store.flush);
  const { strength } = recipe;
  const set = (percent: number | undefined) => {
    changeRecipeSoon((latest) => withStrength(latest, percent === undefined ? undefined : percent / 100));
  };
  const value = Math.round((strength ?? usual) * 100);
  const words = formatShare(value / 100, i18n.language);
  return (
    <SliderField
      label={t('recipe.strength')}
      min={0}
      value={value}
      words={words}
      usual={strength === undefined}
      reset={
        strength === undefined ? undefined : { label: t('recipe.useDefault'), run: () => set(undefined) }
      }
      note={strength === undefined ? t('recipe.strengthDefault') : undefined}
      onChange={set}
      onBlur={flush}
    >
      <NumberField label={t('recipe.strengthNumber')} shown={words} parse={parsePercent} onChange={set} />
    </SliderField>
  );
}
