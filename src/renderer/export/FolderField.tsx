import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Offered } from '../../shared/contract/input.ts';
import { Button } from '../components/Button.tsx';
import { FolderIcon } from '../components/icons.tsx';
import { MenuButton } from '../components/Menu.tsx';
import { FolderPicker } from '../recipe/FolderPicker.tsx';
import { belowRoot, useOut } from '../recipe/out-store.ts';
import { useSession } from '../stores/session-store.ts';
import { useAttempt } from '../stores/use-attempt.ts';
import type { ExportFolder } from './choice.ts';
import styles from './ExportDialog.module.css';
import { useExportChoices } from './export-store.ts';

/** The folder that results go to: one of the system's, or one below the root. */
export function FolderField({ folder }: { folder: ExportFolder | undefined }) {
  const { t } = useTranslation();
  const { client, capabilities } = useSession();
  const attempt = useAttempt();
  const recent = useOut((out) => out.recent);
  const [picking, setPicking] = useState(false);
  const { root, canPickFolders } = capabilities;
  const choose = (chosen: ExportFolder) => useExportChoices.setState({ folder: chosen, line: client });
  const take = ({ input, path, name }: Offered) =>
    input.kind === 'token' && choose({ out: input, label: path ?? name });
  const pick = async () => {
    if (!canPickFolders) return setPicking(true);
    const picked = await attempt(() => client.pick.out());
    if (picked) take(picked);
  };
  const others = recent.filter(({ path, name }) => (path ?? name) !== folder?.label);
  const label = t(folder ? 'exporting.change' : 'exporting.choose');
  return (
    <fieldset className={styles.field}>
      <legend className={styles.label}>{t('exporting.folder')}</legend>
      <div className={styles.folder}>
        <span className={styles.icon}>
          <FolderIcon />
        </span>
        <span className={styles.path} data-chosen={folder !== undefined}>
          {folder?.label ?? t('exporting.noFolder')}
        </span>
        {others.length > 0 ? (
          <MenuButton
            align="end"
            trigger={<Button>{label}</Button>}
            commands={[
              others.map((one) => ({
                id: one.path ?? one.name,
                label: one.path ?? one.name,
                icon: <FolderIcon />,
                run: () => take(one),
              })),
              [{ id: 'choose', label: t('exporting.choose'), run: () => void pick() }],
            ]}
          />
        ) : (
          <Button onClick={() => void pick()}>{label}</Button>
        )}
      </div>
      {root === undefined ? null : (
        <FolderPicker
          open={picking}
          start={folder?.out.kind === 'path' ? folder.out.path : ''}
          onClose={() => setPicking(false)}
          onChoose={(path) => {
            setPicking(false);
            choose({ out: { kind: 'path', path }, label: belowRoot(root, path) });
          }}
        />
      )}
    </fieldset>
  );
}
