import { useTranslation } from 'react-i18next';
import { StartPanel } from '../intake/StartPanel.tsx';
import { useView } from '../stores/view-store.ts';
import { Filters } from './Filters.tsx';
import { SelectionBar } from './SelectionBar.tsx';
import { SelectionMenu } from './SelectionMenu.tsx';
import styles from './Strip.module.css';
import { StripList } from './StripList.tsx';
import { useRows } from './use-rows.ts';

/** The photographs, one below the other: those of batches, and those that are still to be begun with. */
export function Strip() {
  const { t } = useTranslation();
  const rows = useRows();
  const filter = useView((view) => view.filter);
  return (
    <>
      <Filters />
      {rows.length === 0 ? (
        <p className={styles.empty}>{filter === 'all' ? t('strip.empty') : t('strip.nothingFits')}</p>
      ) : (
        <SelectionMenu>
          <StripList rows={rows} />
        </SelectionMenu>
      )}
      <SelectionBar />
      <StartPanel />
    </>
  );
}
