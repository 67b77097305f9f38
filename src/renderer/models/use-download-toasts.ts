import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { toasts } from '../components/toasts.ts';
import { useLibrary } from '../stores/library-store.ts';
import { useSessionStore } from '../stores/session-store.ts';
import { useView } from '../stores/view-store.ts';
import { useModelsTab } from './models-view-store.ts';
import { endedDownloads } from './offered-facts.ts';

/** Says what became of a download; that it failed only where nobody sees it anyway. */
export function useDownloadToasts(): void {
  const { t } = useTranslation();
  useEffect(
    () =>
      useLibrary.subscribe(({ downloads }, before) => {
        if (downloads === before.downloads) return;
        for (const { id, state, error } of endedDownloads(before.downloads, downloads)) {
          if (state === 'done') toasts.add({ description: t('models.downloaded', { title: titleOf(id) }) });
          if (state !== 'failed' || isSeen()) continue;
          toasts.add({ description: error?.message ?? t('models.failed'), type: 'problem', timeout: 0 });
        }
      }),
    [t],
  );
}

const isSeen = () => useView.getState().dialog === 'models' && useModelsTab.getState().tab === 'catalogue';

/** A model is here before its download is told to be done. */
function titleOf(id: string): string {
  const models = useSessionStore.getState().session?.models ?? [];
  return models.find((model) => model.id === id)?.title ?? id;
}
