import { useTranslation } from 'react-i18next';
import type { Model } from '../../shared/contract/shell.ts';
import { formatBytes } from '../components/figures.ts';
import { formatSpeed } from '../recipe/recipe-facts.ts';
import styles from './ModelRow.module.css';
import { bitsOf, doingOf, isForRecipes, licenceOf } from './model-facts.ts';

/** What a model is, in words. */
export function ModelWords({ model }: { model: Model }) {
  const { t, i18n } = useTranslation();
  const { description, source, exact, receptiveRadius, speed, bytes, origin } = model;
  const speedWords =
    speed === null
      ? t('models.notMeasured')
      : t('models.speed', { speed: formatSpeed(speed, i18n.language) });
  const facts = [
    doingOf(model, t),
    ...(isForRecipes(model) ? [speedWords] : []),
    formatBytes(bytes, i18n.language),
    bitsOf(model, t),
  ];
  return (
    <>
      <p className={styles.facts}>{facts.join(' · ')}</p>
      <p className={styles.description}>{description}</p>
      <p className={styles.quiet}>
        {licenceOf(model, t)}
        {origin === 'added' && source !== '' ? ` · ${t('models.source', { source })}` : null}
      </p>
      {exact ? null : <p className={styles.quiet}>{t('models.approximate', { count: receptiveRadius })}</p>}
    </>
  );
}
