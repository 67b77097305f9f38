import { useTranslation } from 'react-i18next';
import type { Export } from '../../shared/contract/exports.ts';
import { IconButton } from '../components/Button.tsx';
import { formatBytes, formatCount } from '../components/figures.ts';
import { CloseIcon, DownloadIcon, FolderIcon } from '../components/icons.tsx';
import { ProgressBar } from '../components/ProgressBar.tsx';
import { useLibrary } from '../stores/library-store.ts';
import { useSession } from '../stores/session-store.ts';
import { useAttempt } from '../stores/use-attempt.ts';
import styles from './ExportList.module.css';
import { shareOf } from './export-facts.ts';
import { Outcome } from './Outcome.tsx';

/** An export: how far it is, or what became of it. */
export function ExportRow({ id }: { id: number }) {
  const { t } = useTranslation();
  const { client, capabilities } = useSession();
  const attempt = useAttempt();
  const one = useLibrary(({ exports }) => exports.get(id));
  const dismiss = useLibrary((library) => library.dismissExport);
  if (!one) return null;
  const running = one.state === 'running';
  const canShow = capabilities.canReveal && one.target !== null && one.state === 'done';
  const title = one.target ?? t('exporting.download');
  return (
    <li className={styles.row} aria-label={title}>
      <div className={styles.head}>
        <span className={styles.icon}>{one.target === null ? <DownloadIcon /> : <FolderIcon />}</span>
        <span className={styles.target}>{title}</span>
        {canShow ? (
          <IconButton
            icon={<FolderIcon />}
            label={t('exporting.reveal')}
            onClick={() => void attempt(() => client.exports.reveal({ id }))}
          />
        ) : null}
        <IconButton
          icon={<CloseIcon />}
          label={t(running ? 'exporting.cancel' : 'exporting.dismiss')}
          onClick={() => (running ? void attempt(() => client.exports.cancel({ id })) : dismiss(id))}
        />
      </div>
      {running ? <Progress of={one} /> : null}
      <Outcome of={one} />
    </li>
  );
}

function Progress({ of }: { of: Export }) {
  const { t, i18n } = useTranslation();
  const { filesDone, filesTotal, bytesDone, bytesTotal } = of;
  const share = shareOf(of);
  const count = (value: number) => formatCount(value, i18n.language);
  const bytes = (value: number) => formatBytes(value, i18n.language);
  const words = [
    t('exporting.files', { done: count(filesDone), total: count(filesTotal) }),
    t('exporting.bytes', { done: bytes(bytesDone), total: bytes(bytesTotal) }),
  ].join(' · ');
  return (
    <>
      <ProgressBar label={t('exporting.progress')} share={share} words={words} />
      <p className={styles.words}>{words}</p>
    </>
  );
}
