import { Collapsible } from '@base-ui/react/collapsible';
import { useTranslation } from 'react-i18next';
import { Choice } from '../components/Choice.tsx';
import { ChevronIcon } from '../components/icons.tsx';
import { Toggle } from '../components/Toggle.tsx';
import { useSession } from '../stores/session-store.ts';
import styles from './Advanced.module.css';
import { useRecipe } from './use-recipe.ts';

/** What hardly anybody has to choose. */
export function Advanced() {
  const { t } = useTranslation();
  const { models } = useSession();
  const { recipe, change } = useRecipe();
  const model = models.find(({ id }) => id === recipe.model);
  const variants = (['int8', 'fp16', 'fp32'] as const).filter(
    (id) => id === recipe.variant || model?.variants.some((variant) => variant.id === id),
  );
  return (
    <Collapsible.Root>
      <Collapsible.Trigger className={styles.trigger}>
        <span className={styles.chevron}>
          <ChevronIcon />
        </span>
        {t('recipe.advanced')}
      </Collapsible.Trigger>
      <Collapsible.Panel className={styles.panel}>
        <Choice
          label={t('recipe.variant')}
          value={recipe.variant}
          options={(['auto', ...variants] as const).map((value) => ({
            value,
            label: t(`recipe.${value}`),
            note: t(`recipe.${value}Note`),
          }))}
          onChange={(variant) => change({ variant })}
        />
        <Toggle
          label={t('recipe.recursive')}
          note={t('recipe.recursiveNote')}
          checked={recipe.recursive}
          onChange={(recursive) => change({ recursive })}
        />
      </Collapsible.Panel>
    </Collapsible.Root>
  );
}
