import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useSessionStore } from '../stores/session-store.ts';
import { useView } from '../stores/view-store.ts';
import { Announcer } from '../strip/Announcer.tsx';
import { useCurrent } from '../strip/use-current.ts';
import { BrowseDialog } from './BrowseDialog.tsx';
import { followCurrent } from './entry-files.ts';
import styles from './Intake.module.css';
import { useDrop } from './use-drop.ts';
import { useOffers } from './use-offers.ts';
import { usePaste } from './use-paste.ts';

/** Takes what is dropped or pasted anywhere on the page, and what main hands over. */
export function Intake({ children }: { children: ReactNode }) {
  const over = useDrop();
  const browsing = useView(({ dialog }) => dialog === 'browse');
  usePaste();
  useOffers();
  useCurrent();
  useEffect(followCurrent, []);
  return (
    <>
      {children}
      <Announcer />
      {browsing ? <BrowseDialog /> : null}
      {over ? <Overlay /> : null}
    </>
  );
}

function Overlay() {
  const { t } = useTranslation();
  const atOnce = useSessionStore(({ session }) => session?.settings.startAtOnce ?? true);
  return (
    <div className={styles.overlay} aria-hidden="true">
      <div className={styles.frame}>
        <div className={styles.words}>
          <p className={styles.title}>{atOnce ? t('intake.dropStarts') : t('intake.dropAdds')}</p>
          <p className={styles.note}>{t('intake.dropNote')}</p>
        </div>
      </div>
    </div>
  );
}
