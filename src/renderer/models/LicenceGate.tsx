import { type SubmitEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OfferedModel } from '../../shared/contract/catalogue.ts';
import { Button } from '../components/Button.tsx';
import { formatBytes } from '../components/figures.ts';
import { WebAddress } from '../components/WebAddress.tsx';
import styles from './OfferedRow.module.css';

interface LicenceGateProps {
  model: OfferedModel;
  onAccept(): void;
  onClose(): void;
}

/** A model's licence, which is to be accepted before anything is fetched. */
export function LicenceGate({ model: { licence, bytes, address }, onAccept, onClose }: LicenceGateProps) {
  const { t, i18n } = useTranslation();
  const box = useRef<HTMLInputElement>(null);
  const [accepted, setAccepted] = useState(false);
  useEffect(() => box.current?.focus(), []);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (accepted) onAccept();
  };
  return (
    <form className={styles.licence} onSubmit={submit}>
      <p>
        {t('models.acceptFirst')} <WebAddress address={licence.text} />
      </p>
      <p className={styles.from}>{t('models.fetchedFrom', { address })}</p>
      <label className={styles.accept}>
        <input
          ref={box}
          type="checkbox"
          className={styles.box}
          checked={accepted}
          onChange={({ target }) => setAccepted(target.checked)}
        />
        {t('models.accept', { licence: licence.id })}
      </label>
      <div className={styles.buttons}>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button type="submit" look="primary" disabled={!accepted}>
          {bytes === undefined
            ? t('models.downloadPlain')
            : t('models.downloadNow', { size: formatBytes(bytes, i18n.language) })}
        </Button>
      </div>
    </form>
  );
}
