import { useTranslation } from 'react-i18next';
import { useShallow } from 'zustand/react/shallow';
import { formatCount, formatShortCount } from '../components/figures.ts';
import { useIntake } from '../intake/intake-store.ts';
import { useLibrary } from '../stores/library-store.ts';
import { type Filter, useView } from '../stores/view-store.ts';
import styles from './Filters.module.css';
import { countsOf } from './rows.ts';

const FILTERS: readonly Filter[] = ['all', 'waiting', 'working', 'done', 'failed', 'skipped'];

/** Narrows the strip to one kind of photographs, and says how many there are of each. */
export function Filters() {
  const { t, i18n } = useTranslation();
  const entries = useIntake((intake) => intake.entries);
  const files = useLibrary((library) => library.files);
  const [filter, setFilter] = useView(useShallow((view) => [view.filter, view.setFilter]));
  const counts = countsOf(files.values(), entries);
  return (
    <fieldset aria-label={t('strip.filter')} className={styles.filters}>
      {FILTERS.map((each) => {
        const count = formatShortCount(counts[each], i18n.language);
        return (
          <button
            key={each}
            type="button"
            className={styles.filter}
            data-empty={counts[each] === 0 || undefined}
            aria-pressed={filter === each}
            title={formatCount(counts[each], i18n.language)}
            onClick={() => setFilter(each)}
          >
            <span className={styles.name}>{t(`strip.${each}`)}</span>{' '}
            <span className={styles.count}>{count}</span>
          </button>
        );
      })}
    </fieldset>
  );
}
