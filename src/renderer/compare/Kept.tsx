import { Popover } from '@base-ui/react/popover';
import { Toolbar } from '@base-ui/react/toolbar';
import type { RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import type { FileRecord, FileResult } from '../../shared/jobs.ts';
import { IconButton } from '../components/Button.tsx';
import { formatBytes, formatTime } from '../components/figures.ts';
import { CheckIcon, CloseIcon, KeptIcon, RetryIcon } from '../components/icons.tsx';
import { timeOf } from '../strip/file-facts.ts';
import styles from './Kept.module.css';

interface KeptProps {
  file: FileRecord | undefined;
  /** What may fill the screen: the popover must be in it. */
  place: RefObject<HTMLElement | null>;
}

const ICONS = { kept: CheckIcon, changed: RetryIcon, dropped: CloseIcon };

/** What the result is, and what became of everything that the original had beside its pixels. */
export function Kept({ file, place }: KeptProps) {
  const { t } = useTranslation();
  const result = file?.state === 'done' ? file.result : null;
  const button = <IconButton icon={<KeptIcon />} label={t('compare.kept')} />;
  // Its room is kept free, so that nothing moves once there is a result.
  if (!file || !result) return <Toolbar.Button disabled render={button} />;
  return (
    <Popover.Root>
      <Popover.Trigger render={<Toolbar.Button render={button} />} />
      <Popover.Portal container={place}>
        <Popover.Positioner className={styles.positioner} side="top" sideOffset={8}>
          <Popover.Popup className={styles.popup}>
            <Popover.Title className={styles.title}>{t('compare.kept')}</Popover.Title>
            <Aspects fidelity={result.fidelity} />
            <Notes notes={[...new Set([...file.notes, ...result.notes])]} />
            <Figures file={file} result={result} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Aspects({ fidelity }: Pick<FileResult, 'fidelity'>) {
  const { t } = useTranslation();
  if (fidelity.length === 0) return <p className={styles.why}>{t('compare.nothingToKeep')}</p>;
  return (
    <ul className={styles.list}>
      {fidelity.map(({ what, became, why }) => {
        const Icon = ICONS[became];
        return (
          <li key={what} className={styles.aspect} data-became={became}>
            <Icon />
            <span className={styles.words}>
              <span>{t(`compare.aspects.${what}`)}</span>{' '}
              <span className={styles.became}>{t(`compare.became.${became}`)}</span>
              {why ? <span className={styles.why}>{why}</span> : null}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function Notes({ notes }: { notes: readonly string[] }) {
  const { t } = useTranslation();
  if (notes.length === 0) return null;
  return (
    <ul className={styles.notes} aria-label={t('compare.notes')}>
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  );
}

function Figures({ file, result }: { file: FileRecord; result: FileResult }) {
  const { t, i18n } = useTranslation();
  const took = timeOf(file);
  return (
    <dl className={styles.figures}>
      <dt>{t('compare.format')}</dt>
      <dd>{file.format?.toUpperCase()}</dd>
      <dt>{t('compare.bytes')}</dt>
      <dd>{formatBytes(result.bytes, i18n.language)}</dd>
      {took === undefined ? null : (
        <>
          <dt>{t('compare.time')}</dt>
          <dd>{formatTime(took, i18n.language)}</dd>
        </>
      )}
    </dl>
  );
}
