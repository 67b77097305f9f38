import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/Button.tsx';
import { Dialog } from '../components/Dialog.tsx';
import { baseName } from '../components/file-names.ts';
import { useSession } from '../stores/session-store.ts';
import { useView } from '../stores/view-store.ts';
import { addOffered } from './adding.ts';
import styles from './BrowseDialog.module.css';
import { type BrowsedFile, BrowseEntries } from './BrowseEntries.tsx';
import { BrowsePath } from './BrowsePath.tsx';
import { useFolder } from './use-folder.ts';

/** Chooses pictures and models, or a folder, below the folder that may be browsed. */
export function BrowseDialog() {
  const { t } = useTranslation();
  const { capabilities } = useSession();
  const close = useView((view) => view.open);
  const [path, setPath] = useState('');
  const [chosen, setChosen] = useState<ReadonlyMap<string, BrowsedFile>>(new Map());
  const { folder, problem, loading } = useFolder(path);
  const root = baseName(capabilities.root ?? '');
  const toggle = (file: BrowsedFile) => {
    const next = new Map(chosen);
    if (!next.delete(file.path)) next.set(file.path, file);
    setChosen(next);
  };
  const words = [...chosen.values()].some(({ kind }) => kind === 'model') ? 'browseFiles' : 'browseChosen';
  const add = (things: readonly Pick<BrowsedFile, 'name' | 'path'>[], kind: 'picture' | 'folder') => {
    // Models open a dialog of their own.
    close(undefined);
    addOffered(
      things.map((thing) => ({ name: thing.name, kind, input: { kind: 'path', path: thing.path } })),
      true,
    );
  };
  return (
    <Dialog
      title={t('intake.browseTitle', { root })}
      open
      onClose={() => close(undefined)}
      width="large"
      actions={
        <>
          <Button
            onClick={() => add([{ name: path === '' ? root : baseName(`/${path}`), path }], 'folder')}
            disabled={!folder?.entries.some((entry) => entry.kind !== 'model')}
          >
            {t('intake.browseFolder')}
          </Button>
          <Button
            look="primary"
            onClick={() => add([...chosen.values()], 'picture')}
            disabled={chosen.size === 0}
          >
            {t(`intake.${words}`, { count: chosen.size })}
          </Button>
        </>
      }
    >
      <BrowsePath root={root} path={path} onOpen={setPath} />
      <div className={styles.contents} aria-busy={loading}>
        {problem === undefined ? null : (
          <p className={styles.problem} role="alert">
            {problem}
          </p>
        )}
        {folder ? (
          <BrowseEntries folder={folder} chosen={chosen} onOpen={setPath} onToggle={toggle} />
        ) : loading ? (
          <p className={styles.quiet}>{t('intake.browseLoading')}</p>
        ) : null}
      </div>
    </Dialog>
  );
}
