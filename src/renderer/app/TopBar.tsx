import { useTranslation } from 'react-i18next';
import { useShallow } from 'zustand/shallow';
import { IconButton } from '../components/Button.tsx';
import {
  DashboardIcon,
  ExportIcon,
  HistoryIcon,
  RecipeIcon,
  SettingsIcon,
  StripIcon,
} from '../components/icons.tsx';
import { ExportStatus } from '../export/ExportStatus.tsx';
import { AddMenu } from '../intake/AddMenu.tsx';
import { useView } from '../stores/view-store.ts';
import pieces from '../styles/pieces.module.css';
import { QueueStatus } from './QueueStatus.tsx';
import styles from './TopBar.module.css';

/** What can be done at any time, and how far everything is. */
export function TopBar() {
  const { t } = useTranslation();
  const { panels, toggle, open } = useView(
    useShallow((view) => ({ panels: view.panels, toggle: view.toggle, open: view.open })),
  );
  return (
    <header className={styles.bar}>
      <h1 className={pieces.unseen}>{t('common.name')}</h1>
      <IconButton
        icon={<StripIcon />}
        label={t('common.showStrip')}
        keys="S"
        aria-pressed={panels.strip}
        onClick={() => toggle('strip')}
      />
      <AddMenu />
      <div className={styles.status}>
        <QueueStatus />
      </div>
      <ExportStatus />
      <IconButton icon={<ExportIcon />} label={t('common.export')} keys="E" onClick={() => open('export')} />
      <IconButton
        icon={<HistoryIcon />}
        label={t('common.history')}
        keys="H"
        onClick={() => open('history')}
      />
      <IconButton
        icon={<SettingsIcon />}
        label={t('common.settings')}
        keys=","
        onClick={() => open('settings')}
      />
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
