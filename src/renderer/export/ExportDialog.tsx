import { useTranslation } from 'react-i18next';
import { Button } from '../components/Button.tsx';
import { Dialog } from '../components/Dialog.tsx';
import { useView } from '../stores/view-store.ts';
import { ExportList } from './ExportList.tsx';
import { ToFields } from './ToFields.tsx';
import { useChoice } from './use-choice.ts';
import { useEndToasts } from './use-end-toasts.ts';
import { useStart } from './use-start.ts';
import { WhatField } from './WhatField.tsx';

/** Where results are to go, and how far what is on its way is. */
export function ExportDialog() {
  const open = useView(({ dialog }) => dialog === 'export');
  useEndToasts(open);
  return open ? <OpenDialog /> : null;
}

function OpenDialog() {
  const { t } = useTranslation();
  const show = useView((view) => view.open);
  const choice = useChoice();
  const { start, starting, ready } = useStart(choice);
  const { way, chosen } = choice;
  const close = () => show(undefined);
  return (
    <Dialog
      title={t('common.export')}
      open
      onClose={close}
      actions={
        <>
          <Button onClick={close}>{t('common.close')}</Button>
          <Button look="primary" disabled={!ready} aria-busy={starting} onClick={() => void start()}>
            {t(way === 'download' ? 'exporting.startDownload' : 'exporting.start', { count: chosen })}
          </Button>
        </>
      }
    >
      <WhatField choice={choice} />
      <ToFields choice={choice} />
      <ExportList />
    </Dialog>
  );
}
