import { useTranslation } from 'react-i18next';
import { Button } from '../components/Button.tsx';
import { useSession, useSessionStore } from '../stores/session-store.ts';
import { useAttempt } from '../stores/use-attempt.ts';
import styles from './Catalogue.module.css';
import { OfferedRow } from './OfferedRow.tsx';
import { useOfferedModels } from './use-offered-models.ts';

/** Models that others offer, and how far those are that are on their way. */
export function Catalogue() {
  const { t } = useTranslation();
  const { offered, problem, again } = useOfferedModels();
  return (
    <div className={styles.all}>
      <p className={styles.quiet}>{t('models.catalogueNote')}</p>
      <div role="status" className={styles.status}>
        {offered && offered.offline !== null ? <Offline reason={offered.offline} onAllowed={again} /> : null}
        {problem === undefined ? null : (
          <div className={styles.problem}>
            <p>{problem}</p>
            <Button onClick={again}>{t('models.again')}</Button>
          </div>
        )}
      </div>
      {offered ? (
        <ul className={styles.models} aria-label={t('models.catalogueList')}>
          {offered.models.map((model) => (
            <OfferedRow key={model.id} model={model} offline={offered.offline !== null} onChange={again} />
          ))}
        </ul>
      ) : null}
      {offered?.models.length === 0 ? <p className={styles.quiet}>{t('models.catalogueEmpty')}</p> : null}
      {!offered && problem === undefined ? (
        <p className={styles.quiet}>{t('models.catalogueLoading')}</p>
      ) : null}
    </div>
  );
}

/** Why nothing can be downloaded, and the switch, where it is the page's own. */
function Offline({ reason, onAllowed }: { reason: string; onAllowed(): void }) {
  const { t } = useTranslation();
  const { settings } = useSession();
  const write = useSessionStore((store) => store.change);
  const attempt = useAttempt();
  const allow = async () => {
    await attempt(() => write({ network: true }));
    // The page shows a setting before main obeys it.
    onAllowed();
  };
  return (
    <div className={styles.offline}>
      <p>
        <strong>{t('models.offline')}</strong> {reason}
      </p>
      {settings.network ? null : <Button onClick={() => void allow()}>{t('models.allowNetwork')}</Button>}
    </div>
  );
}
