import { useTranslation } from 'react-i18next';
import type { ModelFindings } from '../../shared/probing.ts';
import styles from './FoundFacts.module.css';
import { answeredFindings, foundFacts } from './found-facts.ts';

interface FoundFactsProps {
  findings: ModelFindings;
  answers: Readonly<Record<string, string>>;
}

/** What was found out of a file, as it is with these answers. */
export function FoundFacts({ findings, answers }: FoundFactsProps) {
  const { t, i18n } = useTranslation();
  return (
    <dl className={styles.facts} aria-label={t('models.found')}>
      {foundFacts(answeredFindings(findings, answers), t, i18n.language).map(({ name, value, certain }) => (
        <div key={name} className={styles.fact}>
          <dt className={styles.name}>{name}</dt>
          <dd className={styles.value}>
            {value}
            {certain === undefined ? null : <span className={styles.certain}> · {certain}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
