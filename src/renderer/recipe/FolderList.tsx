import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorOf } from '../../shared/contract/error.ts';
import type { Folder } from '../../shared/contract/shell.ts';
import { baseName } from '../components/file-names.ts';
import { FolderIcon } from '../components/icons.tsx';
import { useSession } from '../stores/session-store.ts';
import styles from './FolderPicker.module.css';
import { stepsTo } from './folder-path.ts';

interface FolderListProps {
  path: string;
  onOpen(path: string): void;
}

/** The folders in a folder below the root, and the way back up. */
export function FolderList({ path, onOpen }: FolderListProps) {
  const { t } = useTranslation();
  const { root = '' } = useSession().capabilities;
  const { folder, problem } = useFolder(path);
  const folders = folder?.entries.filter(({ kind }) => kind === 'folder') ?? [];
  return (
    <div className={styles.browser}>
      <nav className={styles.way} aria-label={t('recipe.pickerFolders')}>
        {[{ name: baseName(root), path: '' }, ...stepsTo(path)].map((step) => (
          <button
            key={step.path}
            type="button"
            className={styles.step}
            aria-current={step.path === path ? 'location' : undefined}
            onClick={() => onOpen(step.path)}
          >
            {step.name}
          </button>
        ))}
      </nav>
      <div className={styles.list} aria-busy={folder?.path !== path && problem === undefined}>
        {problem === undefined ? null : <p className={styles.problem}>{problem}</p>}
        {folder && folders.length === 0 ? <p className={styles.empty}>{t('recipe.pickerEmpty')}</p> : null}
        {folder || problem ? null : <p className={styles.empty}>{t('recipe.loading')}</p>}
        <ul className={styles.entries}>
          {folders.map((entry) => (
            <li key={entry.path}>
              <button type="button" className={styles.entry} onClick={() => onOpen(entry.path)}>
                <FolderIcon />
                {entry.name}
              </button>
            </li>
          ))}
        </ul>
        {folder && folder.left > 0 ? (
          <p className={styles.empty}>{t('recipe.pickerLeft', { count: folder.left })}</p>
        ) : null}
      </div>
    </div>
  );
}

/** The folder at `path`; the one before it until main has answered. */
function useFolder(path: string) {
  const { client } = useSession();
  const [folder, setFolder] = useState<Folder>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    let wanted = true;
    client.browse({ path }).then(
      (listed) => {
        if (!wanted) return;
        setFolder(listed);
        setProblem(undefined);
      },
      (error: unknown) => {
        if (!wanted) return;
        setFolder(undefined);
        setProblem(errorOf(error).message);
      },
    );
    return () => {
      wanted = false;
    };
  }, [client, path]);
  return { folder, problem };
}
