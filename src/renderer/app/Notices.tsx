import { useTranslation } from 'react-i18next';
import { IconButton } from '../components/Button.tsx';
import { CloseIcon } from '../components/icons.tsx';
import { useLibrary } from '../stores/library-store.ts';
import { Banner } from './Banner.tsx';
import styles from './Banners.module.css';
import { rememberDismissed, withoutDismissed } from './dismissed.ts';

/** What main has to say that is about no file: one at a time, the latest first. */
export function Notices() {
  const { t } = useTranslation();
  const told = useLibrary((library) => library.notices);
  const notices = withoutDismissed(told);
  const dismiss = useLibrary((library) => library.dismissNotice);
  const latest = notices.at(-1);
  if (!latest) return null;
  const more = notices.length - 1;
  const close = () => {
    rememberDismissed(latest);
    dismiss(latest.id);
  };
  return (
    <Banner
      kind="message"
      action={
        <>
          {more > 0 ? <span className={styles.more}>{t('app.moreNotices', { count: more })}</span> : null}
          <IconButton icon={<CloseIcon />} label={t('common.dismiss')} onClick={close} />
        </>
      }
    >
      {latest.message}
    </Banner>
  );
}
