import { useTranslation } from 'react-i18next';
import { Dialog } from '../components/Dialog.tsx';
import { useSession } from '../stores/session-store.ts';
import { useView } from '../stores/view-store.ts';
import styles from './ShortcutsDialog.module.css';
import { shortcutList } from './shortcuts.ts';

/** Every key that does something. */
export function ShortcutsDialog() {
  const { t } = useTranslation();
  const open = useView(({ dialog }) => dialog === 'shortcuts');
  const show = useView((view) => view.open);
  return (
    <Dialog title={t('app.shortcuts')} open={open} onClose={() => show(undefined)}>
      <Shortcuts />
    </Dialog>
  );
}

function Shortcuts() {
  const { t } = useTranslation();
  const { platform } = useSession().capabilities;
  const names: Readonly<Record<string, string>> = t('app.keyNames', { returnObjects: true });
  return shortcutList(platform === 'darwin' ? '⌘' : 'Ctrl').map(({ where, keys }) => (
    <section key={where}>
      <h3 className={styles.heading}>{t(`app.shortcutsOf.${where}`)}</h3>
      <dl className={styles.list}>
        {keys.map((entry) => (
          <div key={entry.does} className={styles.row}>
            <dt>{t(`app.keys.${entry.does}`)}</dt>
            <dd className={styles.keys}>
              {entry.keys.map((key, index) => (
                <span key={key} className={styles.keys}>
                  {entry.together && index > 0 ? <span>+</span> : null}
                  <kbd className={styles.key}>{names[key] ?? key}</kbd>
                </span>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  ));
}
