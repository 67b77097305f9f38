import { useTranslation } from 'react-i18next';
import { Button } from '../components/Button.tsx';
import { withoutName } from '../components/file-names.ts';
import { RetryIcon, WarningIcon } from '../components/icons.tsx';
import { useClient } from '../stores/session-store.ts';
import { useAttempt } from '../stores/use-attempt.ts';
import styles from './Note.module.css';
import { type NoteText, noteOf } from './note.ts';
import { nameOf, type Subject } from './subject.ts';

/** Why there is no result, and what can be done about it. */
export function Note({ subject, unseen }: { subject: Subject; unseen: boolean }) {
  const { t } = useTranslation();
  const note = noteOf(subject, unseen);
  const path = subject.kind === 'file' ? subject.file.source : '';
  return (
    <div role="status">
      {note ? (
        <div className={styles.note} data-bad={note.bad}>
          {note.bad ? <WarningIcon /> : null}
          <p className={styles.words}>
            <strong className={styles.title}>{t(`compare.${note.title}`)}</strong>{' '}
            {note.reason ? withoutName(note.reason, path, nameOf(subject)) : null}
          </p>
          {note.retry && subject.kind === 'file' ? (
            <Retry fileId={subject.file.id} retry={note.retry} />
          ) : null}
        </div>
      ) : null}
    </div>
  );
}

function Retry({ fileId, retry }: { fileId: number; retry: NonNullable<NoteText['retry']> }) {
  const { t } = useTranslation();
  const client = useClient();
  const attempt = useAttempt();
  return (
    <Button onClick={() => void attempt(() => client.files.retry({ fileIds: [fileId] }))}>
      <RetryIcon />
      {retry === 'failed' ? t('compare.retry') : t('compare.retryCancelled')}
    </Button>
  );
}
