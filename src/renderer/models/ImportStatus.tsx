import { useTranslation } from 'react-i18next';
import pieces from '../styles/pieces.module.css';
import { useImports } from './import-store.ts';

/** Says to screen readers what became of the file that was brought last. */
export function ImportStatus() {
  const { t } = useTranslation();
  const imports = useImports((store) => store.imports);
  const latest = imports.findLast(({ state }) => state !== 'waiting' && state !== 'sending');
  const words = () => {
    if (!latest) return '';
    const { name, state, model } = latest;
    if (state === 'found') return latest.reason ?? t('models.foundStatus', { name });
    if (state === 'refused') return `${t('models.refusedStatus', { name })} ${latest.reason ?? ''}`;
    if (state === 'added') return t('models.addedNow', { title: model?.title ?? name });
    return t(state === 'adding' ? 'models.adding' : 'models.examining');
  };
  return (
    <p role="status" className={pieces.unseen}>
      {words()}
    </p>
  );
}
