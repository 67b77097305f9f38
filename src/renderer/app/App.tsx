import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Compare } from '../compare/Compare.tsx';
import { Dashboard } from '../dashboard/Dashboard.tsx';
import { ExportDialog } from '../export/ExportDialog.tsx';
import { HistoryDialog } from '../history/HistoryDialog.tsx';
import { Intake } from '../intake/Intake.tsx';
import { useNoDrop } from '../intake/use-drop.ts';
import { ModelsDialog } from '../models/ModelsDialog.tsx';
import { useFreshModels } from '../models/use-fresh-models.ts';
import { RecipePanel } from '../recipe/RecipePanel.tsx';
import { SettingsDialog } from '../settings/SettingsDialog.tsx';
import { useSessionStore } from '../stores/session-store.ts';
import { useView } from '../stores/view-store.ts';
import { Strip } from '../strip/Strip.tsx';
import styles from './App.module.css';
import { Banners } from './Banners.tsx';
import { ShortcutsDialog } from './ShortcutsDialog.tsx';
import { TopBar } from './TopBar.tsx';
import { useLanguage } from './use-language.ts';
import { useShortcuts } from './use-shortcuts.ts';
import { useTheme } from './use-theme.ts';

/** The whole page: the photographs at the left, the one looked at in the middle, the recipe at the right. */
export function App() {
  const { t } = useTranslation();
  const ready = useSessionStore(({ session }) => session !== undefined);
  useTheme();
  useLanguage();
  useEffect(() => {
    document.title = t('common.name');
  }, [t]);
  if (!ready) return <Starting />;
  return <Workplace />;
}

function Workplace() {
  const { t } = useTranslation();
  const panels = useView((view) => view.panels);
  useShortcuts();
  useFreshModels();
  return (
    <Intake>
      <div className={styles.app}>
        <TopBar />
        <Banners />
        <div className={styles.room}>
          {panels.strip ? (
            <nav className={styles.strip} aria-label={t('common.strip')}>
              <Strip />
            </nav>
          ) : null}
          <main className={styles.picture}>
            <Compare />
          </main>
          {panels.recipe ? (
            <aside className={styles.recipe} aria-label={t('common.recipe')}>
              <RecipePanel />
            </aside>
          ) : null}
        </div>
        {panels.dashboard ? (
          <section className={styles.dashboard} aria-label={t('common.dashboard')}>
            <Dashboard />
          </section>
        ) : null}
      </div>
      <SettingsDialog />
      <HistoryDialog />
      <ExportDialog />
      <ModelsDialog />
      <ShortcutsDialog />
    </Intake>
  );
}

function Starting() {
  const { t } = useTranslation();
  useNoDrop();
  const outdated = useSessionStore(({ state }) => state === 'outdated');
  return (
    <main className={styles.starting} aria-live="polite">
      <h1 className={styles.name}>{t('common.name')}</h1>
      <p>{outdated ? t('common.outdated') : t('common.connecting')}</p>
    </main>
  );
}
