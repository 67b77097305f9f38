import i18next from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Folder } from '../../shared/contract/shell.ts';
import { formatBytes } from '../components/figures.ts';
import { CheckIcon, FolderIcon, ModelIcon } from '../components/icons.tsx';
import { pictureUrl } from '../components/media.ts';
import { Thumbnail } from '../components/Thumbnail.tsx';
import styles from './BrowseDialog.module.css';

/** What is chosen one by one: a picture or a model. */
export type BrowsedFile = Exclude<Folder['entries'][number], { kind: 'folder' }>;

interface BrowseEntriesProps {
  folder: Folder;
  chosen: ReadonlyMap<string, BrowsedFile>;
  onOpen(path: string): void;
  onToggle(file: BrowsedFile): void;
}

/** Side of a thumbnail, in pixels of the picture. */
const SIDE = 240;

/** What is in a folder: folders to open, pictures and models to choose. */
export function BrowseEntries({ folder, chosen, onOpen, onToggle }: BrowseEntriesProps) {
  const { t } = useTranslation();
  if (folder.entries.length === 0) return <p className={styles.quiet}>{t('intake.browseEmpty')}</p>;
  return (
    <>
      <ul className={styles.grid} aria-label={t('intake.browseContents')}>
        {folder.entries.map((entry) => (
          <li key={entry.path} className={styles.cell}>
            {entry.kind === 'folder' ? (
              <button type="button" className={styles.entry} onClick={() => onOpen(entry.path)}>
                <span className={styles.folder}>
                  <FolderIcon />
                </span>
                <span className={styles.name}>{entry.name}</span>
              </button>
            ) : (
              <button
                type="button"
                className={styles.entry}
                aria-pressed={chosen.has(entry.path)}
                onClick={() => onToggle(entry)}
              >
                {entry.kind === 'model' ? (
                  <span className={styles.folder}>
                    <ModelIcon />
                  </span>
                ) : (
                  <Thumbnail
                    address={pictureUrl({ kind: 'path', path: entry.path, side: SIDE })}
                    className={styles.picture ?? ''}
                  />
                )}
                {chosen.has(entry.path) ? (
                  <span className={styles.check}>
                    <CheckIcon />
                  </span>
                ) : null}
                <span className={styles.name}>{entry.name}</span>
                <span className={styles.bytes}>{formatBytes(entry.bytes, i18next.language)}</span>
              </button>
            )}
          </li>
        ))}
      </ul>
      {folder.left > 0 ? (
        <p className={styles.quiet}>{t('intake.browseLeft', { count: folder.left })}</p>
      ) : null}
    </>
  );
}
