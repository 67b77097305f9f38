import { useTranslation } from 'react-i18next';
import type { Model } from '../../shared/contract/shell.ts';
import { Confirm } from '../components/Confirm.tsx';
import { toasts } from '../components/toasts.ts';
import { useSession } from '../stores/session-store.ts';
import { useAttempt } from '../stores/use-attempt.ts';

interface RemoveConfirmProps {
  /** What is about to be removed. */
  model: Model | undefined;
  onClose(): void;
}

/** Says what goes and what stays, and removes. */
export function RemoveConfirm({ model, onClose }: RemoveConfirmProps) {
  const { t } = useTranslation();
  const { client, settings } = useSession();
  const attempt = useAttempt();
  const remove = async () => {
    onClose();
    if (!model) return;
    const { id, title } = model;
    const removed = await attempt(() => client.models.remove({ id }));
    if (removed) toasts.add({ description: t('models.removed', { title }) });
  };
  return (
    <Confirm
      title={t('models.removeTitle', { title: model?.title ?? '' })}
      open={model !== undefined}
      onClose={onClose}
      action={t('models.removeDo')}
      onConfirm={() => void remove()}
    >
      <p>{t('models.removeWords')}</p>
      {model && settings.recipe.model === model.id ? <p>{t('models.removeRecipe')}</p> : null}
    </Confirm>
  );
}
