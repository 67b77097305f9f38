import { type RefObject, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/Button.tsx';
import { Dialog } from '../components/Dialog.tsx';
import { useView } from '../stores/view-store.ts';
import { BatchRow } from './BatchRow.tsx';
import { ClearConfirm, type Clearing } from './ClearConfirm.tsx';
import styles from './HistoryDialog.module.css';
import { useHistory } from './use-history.ts';

/** Everything that was ever enlarged and is not cleared yet. */
export function HistoryDialog() {
  const { t } = useTranslation();
  const open = useView(({ dialog }) => dialog === 'history');
  const show = useView((view) => view.open);
  const [clearing, setClearing] = useState<Clearing>();
  const search = useRef<HTMLInputElement>(null);
  return (
    <Dialog
      title={t('common.history')}
      width="large"
      initialFocus={search}
      open={open}
      onClose={() => show(undefined)}
      actions={<Button onClick={() => setClearing({ kind: 'ended' })}>{t('history.clearAll')}</Button>}
    >
      <Batches search={search} clearing={clearing} onClear={setClearing} />
    </Dialog>
  );
}

interface BatchesProps {
  search: RefObject<HTMLInputElement | null>;
  clearing: Clearing | undefined;
  onClear(clearing: Clearing | undefined): void;
}

function Batches({ search: field, clearing, onClear }: BatchesProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const { search, batches, more, showMore, forget } = useHistory(typed);
  const nothing = search === '' ? t('history.none') : t('history.noneFound', { search });
  return (
    <>
      <input
        ref={field}
        type="search"
        className={styles.search}
        aria-label={t('history.search')}
        placeholder={t('history.search')}
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
      />
      <div className={styles.list}>
        <p className={styles.nothing} aria-live="polite">
          {batches?.length === 0 ? nothing : null}
        </p>
        <ul className={styles.batches} aria-label={t('history.list')}>
          {batches?.map((batch) => (
            <BatchRow key={batch.id} batch={batch} onClear={() => onClear({ kind: 'one', batch })} />
          ))}
        </ul>
        {more ? (
          <Button look="quiet" onClick={() => void showMore()}>
            {t('history.more')}
          </Button>
        ) : null}
      </div>
      <ClearConfirm clearing={clearing} onClose={() => onClear(undefined)} onCleared={forget} />
    </>
  );
}
