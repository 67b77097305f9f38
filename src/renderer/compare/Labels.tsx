import { useTranslation } from 'react-i18next';
import type { Size } from './camera.ts';
import styles from './Labels.module.css';
import type { Panes } from './panes.ts';
import type { Scene } from './scene.ts';
import { isComparable, type Subject } from './subject.ts';
import { useStateWords } from './use-state-words.ts';

interface LabelsProps {
  subject: Subject;
  scene: Scene | undefined;
  panes: Panes;
}

/** What is on which side, how large it is, and how far. */
export function Labels({ subject, scene, panes }: LabelsProps) {
  const { t } = useTranslation();
  const state = useStateWords(subject);
  const original = (
    <Label words={t('compare.original')} size={sizeKnown(subject) ? scene?.source.size : undefined} />
  );
  const comparable = subject.kind === 'file' && isComparable(subject.file);
  const right =
    panes.result === 'source' ? original : panes.result ? <Label words={state} size={scene?.size} /> : null;
  return (
    <div className={styles.labels}>
      {panes.source && scene ? original : null}
      <span className={styles.space} />
      {right ?? (comparable || !state ? null : <Label words={state} />)}
    </div>
  );
}

function Label({ words, size }: { words: string; size?: Size | undefined }) {
  const { t } = useTranslation();
  return (
    <span className={styles.label}>
      {words} {size ? <span className={styles.quiet}>{t('compare.size', { ...size })}</span> : null}
    </span>
  );
}

/** Of what main has not looked at yet only a preview's size may be known. */
function sizeKnown(subject: Subject): boolean {
  return subject.kind === 'file' ? subject.file.facts !== null : subject.entry.picture !== undefined;
}
