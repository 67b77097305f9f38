import { useTranslation } from 'react-i18next';
import { IconButton } from '../components/Button.tsx';
import { useView } from '../stores/view-store.ts';
import styles from './SelectionBar.module.css';
import { useCommands } from './use-commands.tsx';

/** What can be done with several photographs, at the foot of the strip. */
export function SelectionBar() {
  const count = useView((view) => view.selected.size);
  return count > 1 ? <Bar count={count} /> : null;
}

function Bar({ count }: { count: number }) {
  const { t } = useTranslation();
  const commands = useCommands().flat();
  return (
    <div role="toolbar" aria-label={t('strip.actions')} className={styles.bar}>
      <span className={styles.count}>{t('strip.selected', { count })}</span>
      {commands.map(({ id, label, icon, keys, run }) => (
        <IconButton key={id} icon={icon} label={label} {...(keys ? { keys } : {})} onClick={run} />
      ))}
    </div>
  );
}
