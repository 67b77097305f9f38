import { useTranslation } from 'react-i18next';
import { scaleOf } from '../history/batch-facts.ts';
import { useLibrary } from '../stores/library-store.ts';
import type { Subject } from './subject.ts';

/** How far what is looked at is, in a few words; '' where a note says it at length. */
export function useStateWords(subject: Subject): string {
  const { t, i18n } = useTranslation();
  const id = subject.kind === 'file' ? subject.file.id : -1;
  // Of the progress only what is read: it comes thirty times a second.
  const stage = useLibrary(({ progress }) => progress.get(id)?.state);
  const share = useLibrary(({ progress }) => {
    const { tilesDone = 0, tilesTotal = 0 } = progress.get(id) ?? {};
    return tilesTotal === 0 ? 0 : Math.floor((tilesDone / tilesTotal) * 100) / 100;
  });
  const batchId = subject.kind === 'file' ? subject.file.batchId : -1;
  const sameSize = useLibrary(({ batches }) => {
    const batch = batches.get(batchId);
    return batch !== undefined && scaleOf(batch) === 1;
  });
  const percent = (value: number) => new Intl.NumberFormat(i18n.language, { style: 'percent' }).format(value);
  if (subject.kind === 'entry') {
    const { state, kind, progress } = subject.entry;
    if (kind === 'folder') return '';
    if (state === 'uploading') return t('compare.uploading', { percent: percent(progress) });
    return state === 'ready' ? t('compare.ready') : '';
  }
  const { state, paused } = subject.file;
  switch (state) {
    case 'queued':
      return paused ? t('compare.paused') : t('compare.waiting');
    case 'decoding':
    case 'enhancing':
    case 'encoding': {
      const now = stage ?? state;
      if (now !== 'enhancing') return t(`compare.${now}`);
      return `${t(sameSize ? 'compare.restoring' : 'compare.enhancing')} ${percent(share)}`;
    }
    case 'done':
      return t(sameSize ? 'compare.restored' : 'compare.enlarged');
    default:
      return '';
  }
}
