import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Model } from '../../shared/contract/shell.ts';
import { Button } from '../components/Button.tsx';
import { AddIcon } from '../components/icons.tsx';
import { isLost } from '../components/use-held-focus.ts';
import { BrowseButton } from '../intake/BrowseButton.tsx';
import { useSession } from '../stores/session-store.ts';
import { ImportCard } from './ImportCard.tsx';
import styles from './Installed.module.css';
import { useImports } from './import-store.ts';
import { importFiles } from './importing.ts';
import { ModelRow } from './ModelRow.tsx';
import { pickModelFiles } from './pick-model-files.ts';
import { RemoveConfirm } from './RemoveConfirm.tsx';

/** Every model that is here, and the files that are becoming some. */
export function Installed() {
  const { t } = useTranslation();
  const { models } = useSession();
  const imports = useImports((store) => store.imports);
  const [removing, setRemoving] = useState<Model>();
  const button = useRef<HTMLButtonElement>(null);
  const count = useRef(0);
  useEffect(() => {
    // Something was taken away, and the button that did it with it.
    const now = models.length + imports.length;
    if (now < count.current && isLost(document.activeElement)) button.current?.focus();
    count.current = now;
  }, [models, imports]);
  const add = async () => importFiles(await pickModelFiles());
  return (
    <div className={styles.all}>
      <div className={styles.bar}>
        <Button ref={button} onClick={() => void add()}>
          <AddIcon />
          {t('models.import')}
        </Button>
        <BrowseButton />
        <p className={styles.quiet}>{t('models.importNote')}</p>
      </div>
      {imports.map((one) => (
        <ImportCard key={one.key} of={one} />
      ))}
      <ul className={styles.models} aria-label={t('models.list')}>
        {models.map((model) => (
          <ModelRow key={model.id} model={model} onRemove={() => setRemoving(model)} />
        ))}
      </ul>
      <RemoveConfirm model={removing} onClose={() => setRemoving(undefined)} />
    </div>
  );
}
