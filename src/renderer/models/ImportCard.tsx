import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../components/Button.tsx';
import { formatBytes, formatShare } from '../components/figures.ts';
import { CloseIcon, ModelIcon } from '../components/icons.tsx';
import { ProgressBar } from '../components/ProgressBar.tsx';
import { useHeldFocus } from '../components/use-held-focus.ts';
import { useRecipe } from '../recipe/use-recipe.ts';
import styles from './ImportCard.module.css';
import { ImportForm } from './ImportForm.tsx';
import type { ModelImport } from './import-store.ts';
import { canRetry, dismissImport, retryImport } from './importing.ts';

/** A file that was brought: how far it is, what was found, what it has become, or why it cannot. */
export function ImportCard({ of }: { of: ModelImport }) {
  const { t, i18n } = useTranslation();
  const id = useId();
  const { key, name, bytes, state, model } = of;
  const focus = useHeldFocus<HTMLElement>(state);
  const busy = state === 'waiting' || state === 'sending' || state === 'examining';
  return (
    <section className={styles.card} aria-labelledby={id} data-state={state} {...focus}>
      <div className={styles.head}>
        <span className={styles.icon}>
          <ModelIcon />
        </span>
        <h3 id={id} className={styles.name}>
          {state === 'added' ? t('models.addedNow', { title: model?.title ?? name }) : name}
        </h3>
        {bytes === null || state === 'added' ? null : (
          <span className={styles.quiet}>{formatBytes(bytes, i18n.language)}</span>
        )}
        <span className={styles.actions}>
          {state === 'added' ? <UseAdded of={of} /> : null}
          {busy ? <Button onClick={() => dismissImport(key)}>{t('models.stop')}</Button> : null}
          {state === 'refused' && canRetry(of) ? (
            <Button onClick={() => void retryImport(key)}>{t('models.again')}</Button>
          ) : null}
          {state === 'refused' || state === 'added' ? (
            <IconButton icon={<CloseIcon />} label={t('models.dismiss')} onClick={() => dismissImport(key)} />
          ) : null}
        </span>
      </div>
      {busy ? <Progress of={of} /> : null}
      {state === 'refused' ? (
        <div className={styles.refused}>
          <strong>{t('models.refused')}</strong>
          <p>{of.reason}</p>
        </div>
      ) : null}
      {state === 'found' || state === 'adding' ? <ImportForm of={of} /> : null}
    </section>
  );
}

function Progress({ of: { state, progress, name } }: { of: ModelImport }) {
  const { t, i18n } = useTranslation();
  const sending = state === 'sending';
  const words =
    state === 'sending'
      ? t('models.sending', { share: formatShare(progress, i18n.language) })
      : t(state === 'waiting' ? 'models.waiting' : 'models.examining');
  return (
    <>
      {state === 'waiting' ? null : (
        <ProgressBar label={name} words={words} share={sending ? progress : undefined} />
      )}
      <p className={styles.quiet}>{words}</p>
    </>
  );
}

function UseAdded({ of: { key, model } }: { of: ModelImport }) {
  const { t } = useTranslation();
  const { use } = useRecipe();
  if (!model) return null;
  const run = () => {
    use(model.id);
    dismissImport(key);
  };
  return (
    <Button look="primary" aria-label={t('models.useOf', { title: model.title })} onClick={run}>
      {t('models.use')}
    </Button>
  );
}
