import { useTranslation } from 'react-i18next';
import type { Model } from '../../shared/contract/shell.ts';
import { Button } from '../components/Button.tsx';
import { useRecipe } from '../recipe/use-recipe.ts';
import styles from './ModelRow.module.css';

/** Puts a model into the recipe; says so where it is in it. */
export function UseButton({ model }: { model: Pick<Model, 'id' | 'title'> }) {
  const { t } = useTranslation();
  const { recipe, use } = useRecipe();
  if (recipe.model === model.id) return <span className={styles.used}>{t('models.inUse')}</span>;
  return (
    <Button aria-label={t('models.useOf', { title: model.title })} onClick={() => use(model.id)}>
      {t('models.use')}
    </Button>
  );
}
