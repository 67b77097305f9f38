import { useTranslation } from 'react-i18next';
import styles from './BrowseDialog.module.css';

interface BrowsePathProps {
  root: string;
  /** Below the root, with `/`. */
  path: string;
  onOpen(path: string): void;
}

/** The folders from the root to where one is, each to be opened. */
export function BrowsePath({ root, path, onOpen }: BrowsePathProps) {
  const { t } = useTranslation();
  const parts = path === '' ? [] : path.split('/');
  const places = [
    { name: root, path: '' },
    ...parts.map((name, index) => ({ name, path: parts.slice(0, index + 1).join('/') })),
  ];
  return (
    <nav aria-label={t('intake.browsePath')}>
      <ol className={styles.path}>
        {places.map((place) => (
          <li key={place.path}>
            <button
              type="button"
              className={styles.place}
              aria-current={place.path === path ? 'location' : undefined}
              onClick={() => onOpen(place.path)}
            >
              {place.name}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}
