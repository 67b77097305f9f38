import { Toast } from '@base-ui/react/toast';
import { useTranslation } from 'react-i18next';
import { CloseIcon } from './icons.tsx';
import styles from './Toasts.module.css';
import { toasts } from './toasts.ts';

/** The corner where things are said in passing. */
export function Toasts() {
  return (
    <Toast.Provider toastManager={toasts} timeout={6_000} limit={4}>
      <Toast.Portal>
        <Toast.Viewport className={styles.viewport}>
          <ToastList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function ToastList() {
  const { t } = useTranslation();
  const { toasts: shown } = Toast.useToastManager();
  return shown.map((toast) => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      className={styles.toast}
      data-type={toast.type}
      {...(toast.title === undefined
        ? { 'aria-label': t(toast.type === 'problem' ? 'common.problem' : 'common.message') }
        : {})}
    >
      <Toast.Content className={styles.content}>
        <Toast.Title className={styles.title} />
        <Toast.Description className={styles.description} />
      </Toast.Content>
      <Toast.Close className={styles.close} aria-label={t('common.dismiss')}>
        <CloseIcon />
      </Toast.Close>
    </Toast.Root>
  ));
}
