import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Folder } from '../../shared/contract/shell.ts';
import { Button } from '../components/Button.tsx';
import { Dialog } from '../components/Dialog.tsx';
import { baseName } from '../components/file-names.ts';
import { useSession } from '../stores/session-store.ts';
import { useView } from '../stores/view-store.ts';
import { addOffered } from './adding.ts';
import styles from './BrowseDialog.module.css';
import { BrowseEntries } from './BrowseEntries.tsx';
import { BrowsePath } from './BrowsePath.tsx';
import { useFolder } from './use-folder.ts';

type Picture = Extract<Folder['entries'][number], { kind: 'picture' }>;

/** Chooses pictures, or a folder, below the folder that may be browsed. */
export function BrowseDialog() {
  const { t } = useTranslation();
  const { capabilities } = useSession();
  const close = useView((view) => view.open);
  const [path, setPath] = useState('');
  const [chosen, setChosen] = useState<ReadonlyMap<string, Picture>>(new Map());
  const { folder, problem, loading } = useFolder(path);
  const root = baseName(capabilities.root ?? '');
  const toggle = (picture: Picture) => {
    const next = new Map(chosen);
    if (!next.delete(picture.path)) next.set(picture.path, picture);
    setChosen(next);
  };
  const add = (things: readonly Pick<Picture, 'name' | 'path'>[], kind: 'picture' | 'folder') => {
    addOffered(
      things.map((thing) => ({ name: thing.name, kind, input: { kind: 'path', path: thing.path } })),
      true,
    );
    close(undefined);
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
            disabled={!folder || folder.entries.length === 0}
          >
            {t('intake.browseFolder')}
          </Button>
          <Button
            look="primary"
            onClick={() => add([...chosen.values()], 'picture')}
            disabled={chosen.size === 0}
          >
            {t('intake.browseChosen', { count: chosen.size })}
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
