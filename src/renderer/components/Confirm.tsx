import { AlertDialog } from '@base-ui/react/alert-dialog';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './Button.tsx';
import styles from './Dialog.module.css';

interface ConfirmProps {
  title: string;
  open: boolean;
  onClose(): void;
  /** What will happen. */
  children: ReactNode;
  /** The word on the button that does it. */
  action: string;
  onConfirm(): void;
}

/** Asks before something is done that cannot be taken back. A click beside it does nothing; Escape says no. */
export function Confirm({ title, open, onClose, children, action, onConfirm }: ConfirmProps) {
  const { t } = useTranslation();
  return (
    <AlertDialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={styles.backdrop} data-above forceRender />
        <AlertDialog.Popup className={styles.popup} data-above>
          <header className={styles.header}>
            <AlertDialog.Title className={styles.title}>{title}</AlertDialog.Title>
          </header>
          <AlertDialog.Description render={<div />} className={styles.body}>
            {children}
          </AlertDialog.Description>
          <footer className={styles.actions}>
            <Button onClick={onClose}>{t('common.cancel')}</Button>
            <Button look="danger" onClick={onConfirm}>
              {action}
            </Button>
          </footer>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
