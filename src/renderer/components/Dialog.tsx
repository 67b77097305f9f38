import { Dialog as Base } from '@base-ui/react/dialog';
import type { ReactNode, RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './Dialog.module.css';
import { CloseIcon } from './icons.tsx';

interface DialogProps {
  title: string;
  open: boolean;
  onClose(): void;
  children: ReactNode;
  /** Buttons, at its foot. */
  actions?: ReactNode;
  width?: 'small' | 'large';
  /** What has the focus first; what comes first where absent. */
  initialFocus?: RefObject<HTMLElement | null>;
}

/** A dialog over everything: Escape, and a click beside it, close it; the focus goes back to where it was. */
export function Dialog({
  title,
  open,
  onClose,
  children,
  actions,
  width = 'small',
  initialFocus,
}: DialogProps) {
  const { t } = useTranslation();
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className={styles.backdrop} />
        <Base.Popup className={styles.popup} data-width={width} {...(initialFocus ? { initialFocus } : {})}>
          <header className={styles.header}>
            <Base.Title className={styles.title}>{title}</Base.Title>
            <Base.Close className={styles.close} aria-label={t('common.close')}>
              <CloseIcon />
            </Base.Close>
          </header>
          <div className={styles.body}>{children}</div>
          {actions ? <footer className={styles.actions}>{actions}</footer> : null}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
