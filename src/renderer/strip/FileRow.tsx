import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { FileRecord } from '../../shared/jobs.ts';
import { formatBytes, formatShare, formatTime } from '../components/figures.ts';
import { baseName, withoutName } from '../components/file-names.ts';
import { pictureUrl } from '../components/media.ts';
import { isInWork } from '../stores/library.ts';
import { useLibrary } from '../stores/library-store.ts';
import { dragOut } from './drag-out.ts';
import { doingOf, scaleOf, sizesOf, timeOf } from './file-facts.ts';
import { PhotoRow } from './PhotoRow.tsx';
import { FILE_WORDS, ICON_OF } from './states.tsx';

/** Side of a thumbnail, in pixels of the picture. */
const SIDE = 160;

/** A file of the journal. */
export const FileRow = memo(function FileRow({ fileId, line }: { fileId: number; line: number }) {
  const file = useLibrary((library) => library.files.get(fileId));
  const progress = useLibrary((library) => library.progress.get(fileId));
  const batch = useLibrary((library) => (file ? library.batches.get(file.batchId) : undefined));
  const { t, i18n } = useTranslation();
  if (!file) return null;
  const name = baseName(file.source);
  const doing = doingOf(file, progress);
  const state = doing === 'paused' || doing === 'next' ? doing : file.state;
  const scale = batch ? scaleOf(batch) : undefined;
  const begun = doing !== 'next' && isInWork(file.state);
  const share = begun && progress?.tilesTotal ? progress.tilesDone / progress.tilesTotal : undefined;
  return (
    <PhotoRow
      photo={fileId}
      line={line}
      name={name}
      path={file.source}
      thumbnail={thumbnailOf(file)}
      icon={ICON_OF[state]}
      tone={TONES[state]}
      words={t(doing === 'enhancing' && scale === 1 ? 'strip.stateRestoring' : FILE_WORDS[doing])}
      time={share ? formatShare(share, i18n.language) : timeWords(timeOf(file), i18n.language)}
      sizes={sizesOf(file, file.state === 'failed' ? undefined : scale)}
      bytes={file.result ? formatBytes(file.result.bytes, i18n.language) : undefined}
      reason={file.state === 'done' ? undefined : reasonOf(file, name)}
      progress={share}
      progressWords={
        progress && share !== undefined
          ? t('strip.tiles', { done: progress.tilesDone, total: progress.tilesTotal })
          : undefined
      }
      {...(file.state === 'done' ? { onDragStart: (event) => dragOut(event, file) } : {})}
    />
  );
});

const TONES: Partial<Record<keyof typeof ICON_OF, 'good' | 'bad' | 'busy'>> = {
  done: 'good',
  failed: 'bad',
  decoding: 'busy',
  enhancing: 'busy',
  encoding: 'busy',
};

/** Of the result where there is one; nothing of what nobody could read. */
function thumbnailOf({ id, state, facts, code }: FileRecord): string | undefined {
  if (facts === null || code === 'decode-failed') return undefined;
  return pictureUrl({ kind: state === 'done' ? 'result' : 'source', id, side: SIDE });
}

function reasonOf({ reason, source, target }: FileRecord, name: string): string | undefined {
  return reason === null ? undefined : withoutName(reason, source, target ?? '', name);
}

function timeWords(time: number | undefined, language: string): string | undefined {
  return time === undefined ? undefined : formatTime(time, language);
}
