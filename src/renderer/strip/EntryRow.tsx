import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Input } from '../../shared/contract/input.ts';
import type { MediaRequest } from '../../shared/contract/media.ts';
import { formatBytes } from '../components/figures.ts';
import { ClockIcon, WarningIcon, WorkingIcon } from '../components/icons.tsx';
import { pictureUrl } from '../components/media.ts';
import { type Entry, useIntake } from '../intake/intake-store.ts';
import { PhotoRow } from './PhotoRow.tsx';

/** Side of a thumbnail, in pixels of the picture. */
const SIDE = 160;

interface EntryRowProps {
  entryKey: string;
  line: number;
}

/** What was added and is in no batch yet. */
export const EntryRow = memo(function EntryRow({ entryKey, line }: EntryRowProps) {
  const entry = useIntake(({ entries }) => entries.find(({ key }) => key === entryKey));
  const starting = useIntake((intake) => intake.starting.has(entryKey));
  const { t, i18n } = useTranslation();
  if (!entry) return null;
  const { state, kind, bytes, reason, progress } = entry;
  const bad = state === 'refused' || state === 'failed';
  return (
    <PhotoRow
      photo={entryKey}
      line={line}
      name={entry.name}
      path={entry.path ?? (entry.folder === '' ? entry.name : `${entry.folder}/${entry.name}`)}
      thumbnail={thumbnailOf(entry)}
      icon={bad ? <WarningIcon /> : state === 'uploading' || starting ? <WorkingIcon /> : <ClockIcon />}
      tone={bad ? 'bad' : undefined}
      words={t(starting ? 'strip.entryStarting' : WORDS[kind][state])}
      sizes={bytes === null ? undefined : formatBytes(bytes, i18n.language)}
      reason={reason}
      progress={state === 'uploading' && kind === 'picture' ? progress : undefined}
    />
  );
});

const OF_PICTURES = {
  uploading: 'strip.entryUploading',
  ready: 'strip.entryReady',
  refused: 'strip.entryRefused',
  failed: 'strip.entryFailed',
} as const;
const WORDS = {
  picture: OF_PICTURES,
  folder: { ...OF_PICTURES, uploading: 'strip.entryReading' },
} as const satisfies Record<Entry['kind'], Record<Entry['state'], string>>;

/** Main's, as soon as it has the file: to reduce a large picture here would hold up the one that is looked at. */
function thumbnailOf({ kind, state, input }: Entry): string | undefined {
  if (kind === 'folder' || state === 'refused' || !input) return undefined;
  return pictureUrl(pictureOf(input));
}

function pictureOf(input: Input): MediaRequest {
  return { ...input, side: SIDE };
}
