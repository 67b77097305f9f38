import { Tabs } from '@base-ui/react/tabs';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../components/Dialog.tsx';
import { useView } from '../stores/view-store.ts';
import { Catalogue } from './Catalogue.tsx';
import { ImportStatus } from './ImportStatus.tsx';
import { Installed } from './Installed.tsx';
import styles from './ModelsDialog.module.css';
import { type ModelsTab, useModelsTab } from './models-view-store.ts';
import { useDownloadToasts } from './use-download-toasts.ts';

const TABS = ['installed', 'catalogue'] as const;

/** The models that are here, those on their way in, and those that can be had. */
export function ModelsDialog() {
  const { t } = useTranslation();
  const open = useView(({ dialog }) => dialog === 'models');
  const show = useView((view) => view.open);
  useDownloadToasts();
  return (
    <Dialog title={t('models.title')} width="large" open={open} onClose={() => show(undefined)}>
      <Parts />
      <ImportStatus />
    </Dialog>
  );
}

function Parts() {
  const { t } = useTranslation();
  const tab = useModelsTab((view) => view.tab);
  return (
    <Tabs.Root
      value={tab}
      onValueChange={(next) => useModelsTab.setState({ tab: next as ModelsTab })}
      className={styles.parts}
    >
      <Tabs.List className={styles.tabs} aria-label={t('models.tabs')}>
        {TABS.map((value) => (
          <Tabs.Tab key={value} value={value} className={styles.tab}>
            {t(`models.${value}`)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="installed" className={styles.panel}>
        <Installed />
      </Tabs.Panel>
      <Tabs.Panel value="catalogue" className={styles.panel}>
        <Catalogue />
      </Tabs.Panel>
    </Tabs.Root>
  );
}
