import { useTranslation } from 'react-i18next';
import { IconButton } from '../components/Button.tsx';
import {
  DashboardIcon,
  ExportIcon,
  HistoryIcon,
  RecipeIcon,
  SettingsIcon,
  StripIcon,
} from '../components/icons.tsx';
import { AddMenu } from '../intake/AddMenu.tsx';
import { useView } from '../stores/view-store.ts';
import { QueueStatus } from './QueueStatus.tsx';
import styles from './TopBar.module.css';

/** What can be done at any time, and how far everything is. */
export function TopBar() {
  const { t } = useTranslation();
  const { panels, toggle, open } = useView();
  return (
    <header className={styles.bar}>
      <IconButton
        icon={<StripIcon />}
        label={t('common.showStrip')}
        keys="S"
        aria-pressed={panels.strip}
        onClick={() => toggle('strip')}
      />
      <AddMenu />
      <QueueStatus />
      <IconButton icon={<ExportIcon />} label={t('common.export')} keys="E" onClick={() => open('export')} />
      <IconButton icon={<HistoryIcon />} label={t('common.history')} onClick={() => open('history')} />
      <IconButton icon={<SettingsIcon />} label={t('common.settings')} onClick={() => open('settings')} />
      <span className={styles.divider} />
      <IconButton
        icon={<DashboardIcon />}
        label={t('common.showDashboard')}
        keys="M"
        aria-pressed={panels.dashboard}
        onClick={() => toggle('dashboard')}
      />
      <IconButton
        icon={<RecipeIcon />}
        label={t('common.showRecipe')}
        keys="R"
        aria-pressed={panels.recipe}
        onClick={() => toggle('recipe')}
      />
    </header>
  );
}
