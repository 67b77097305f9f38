import { useTranslation } from 'react-i18next';
import { Button } from '../components/Button.tsx';
import { FolderIcon, PictureIcon } from '../components/icons.tsx';
import { BrowseButton } from './BrowseButton.tsx';
import styles from './EmptyPlace.module.css';
import { usePickers } from './use-pickers.ts';

/** Where nothing is to be seen yet: what to do first. The whole page takes drops; this is where they are aimed. */
export function EmptyPlace() {
  const { t } = useTranslation();
  const { addPhotos, addFolder } = usePickers();
  return (
    <div className={styles.place}>
      <div className={styles.frame}>
        <Drawing />
        <h1 className={styles.title}>{t('intake.emptyTitle')}</h1>
        <p className={styles.quiet}>{t('intake.emptyNote')}</p>
        <div className={styles.buttons}>
          <Button onClick={addPhotos}>
            <PictureIcon />
            {t('intake.addPhotos')}
          </Button>
          <Button onClick={addFolder}>
            <FolderIcon />
            {t('intake.addFolder')}
          </Button>
          <BrowseButton />
        </div>
        <p className={styles.foot}>
          {t('intake.formats')}
          <br />
          {t('common.local')}
        </p>
      </div>
    </div>
  );
}

/** A small print, and the large one that it becomes. */
function Drawing() {
  return (
    <svg viewBox="0 0 104 78" className={styles.drawing} fill="none" stroke="currentColor" aria-hidden="true">
      <rect x="22" y="6" width="76" height="58" rx="3" strokeWidth="1.6" />
      <path d="m24 56 22-21 15 14 12-10 23 20" strokeWidth="1.6" strokeLinejoin="round" />
      <circle cx="45" cy="22" r="5" strokeWidth="1.6" />
      <g className={styles.safelight} stroke="currentColor">
        <rect x="6" y="46" width="34" height="26" rx="2" strokeWidth="2" fill="var(--surface)" />
        <path d="m8 68 9-8 7 5 6-4 8 7" strokeWidth="1.6" strokeLinejoin="round" />
      </g>
    </svg>
  );
}
