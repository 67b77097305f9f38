import { Toast } from '@base-ui/react/toast';

/** Where anything on the page can say something in passing; `type: 'problem'` for what failed. */
export const toasts = Toast.createToastManager();
