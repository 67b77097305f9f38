import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession, useSessionStore } from '../stores/session-store.ts';
import { Advanced } from './Advanced.tsx';
import { FormatFields } from './FormatFields.tsx';
import { ModelChoice } from './ModelChoice.tsx';
import { NameField } from './NameField.tsx';
import { OutFields } from './OutFields.tsx';
import styles from './RecipePanel.module.css';
import { useRecipe } from './use-recipe.ts';

/** What the next photographs are made into. */
export function RecipePanel() {
  const { t } = useTranslation();
  useEffect(() => {
    const { flush } = useSessionStore.getState();
    window.addEventListener('pagehide', flush);
    return () => {
      window.removeEventListener('pagehide', flush);
      flush();
    };
  }, []);
  return (
    <div className={styles.panel}>
      <header className={styles.header}>
        <div className={styles.line}>
          <h2 className={styles.title}>{t('recipe.title')}</h2>
          <Summary />
        </div>
        <p className={styles.note}>{t('recipe.applies')}</p>
      </header>
      <ModelChoice />
      <FormatFields />
      <OutFields />
      <NameField />
      <Advanced />
    </div>
  );
}

function Summary() {
  const { t } = useTranslation();
  const { recipe } = useRecipe();
  const { models } = useSession();
  const scale = models.find(({ id }) => id === recipe.model)?.scale;
  const format = recipe.format === 'keep' ? t('recipe.asSource') : t(`recipe.${recipe.format}`);
  return (
    <p className={styles.summary}>
      {scale === undefined
        ? t('recipe.noModel', { id: recipe.model })
        : t(scale === 1 ? 'recipe.summarySame' : 'recipe.summary', { scale, format })}
    </p>
  );
}
