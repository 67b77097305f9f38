import { useTranslation } from 'react-i18next';
import { formatMegapixels } from '../components/figures.ts';
import { baseName, withoutName } from '../components/file-names.ts';
import { countNotes } from './notes.ts';
import styles from './StartPanel.module.css';
import type { Planned } from './use-plan.ts';

/** Refused files that are named; the others are counted. */
const NAMED = 50;

/** What would become of what waits, in words. */
export function PlanWords({ plan, problem }: Planned) {
  const { t, i18n } = useTranslation();
  if (problem !== undefined) return <p className={styles.problem}>{problem}</p>;
  if (!plan) return <p className={styles.quiet}>{t('intake.planning')}</p>;
  const { counts, refused, files, pixels } = plan;
  const megapixels = formatMegapixels(pixels, i18n.language);
  return (
    <div className={styles.words} aria-live="polite">
      <p className={styles.sum}>
        {counts.files === 0
          ? t('intake.nothingToDo')
          : t('intake.willMake', { count: counts.files, megapixels })}
      </p>
      {counts.skipped > 0 ? <p>{t('intake.planSkipped', { count: counts.skipped })}</p> : null}
      {countNotes(files).map(({ note, count }) => (
        <p key={note}>{t('intake.planNote', { note, count })}</p>
      ))}
      {counts.refused > 0 ? (
        <>
          <p>{t('intake.planRefused', { count: counts.refused })}</p>
          <ul className={styles.refused}>
            {refused.slice(0, NAMED).map(({ file = '', message }) => (
              <li key={file + message}>
                <b>{baseName(file)}</b> {withoutName(message, file, baseName(file))}
              </li>
            ))}
          </ul>
          {counts.refused > NAMED ? <p>{t('intake.planMore', { count: counts.refused - NAMED })}</p> : null}
        </>
      ) : null}
    </div>
  );
}
