import { useTranslation } from 'react-i18next';
import { Button } from '../components/Button.tsx';
import { useLibrary } from '../stores/library-store.ts';
import { useView } from '../stores/view-store.ts';
import styles from './ExportStatus.module.css';
import { runningShare } from './export-facts.ts';

/** How far exports are, beside the button that opens their list; nothing while none runs. */
export function ExportStatus() {
  const { t, i18n } = useTranslation();
  const open = useView((view) => view.open);
  const percent = useLibrary(({ exports }) => {
    const share = runningShare(exports.values());
    return share === undefined ? undefined : Math.floor(share * 100);
  });
  if (percent === undefined) return null;
  const words = new Intl.NumberFormat(i18n.language, { style: 'percent' }).format(percent / 100);
  return (
    <Button
      look="quiet"
      className={styles.chip ?? ''}
      aria-label={t('exporting.status', { percent: words })}
      onClick={() => open('export')}
    >
      <span className={styles.track} aria-hidden="true">
        <span className={styles.bar} style={{ transform: `scaleX(${percent / 100})` }} />
      </span>
      <span className={styles.words}>{words}</span>
    </Button>
  );
}
