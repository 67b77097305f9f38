import styles from './ProgressBar.module.css';

interface ProgressBarProps {
  label: string;
  /** 0 to 1; absent where nobody can say how far it is. */
  share?: number | undefined;
  /** The same in words, as far as they are known. */
  words?: string;
}

/** How far something is. */
export function ProgressBar({ label, share, words }: ProgressBarProps) {
  const known = share !== undefined;
  return (
    <div
      className={styles.track}
      role="progressbar"
      aria-label={label}
      {...(known
        ? { 'aria-valuemin': 0, 'aria-valuemax': 100, 'aria-valuenow': Math.floor(share * 100) }
        : {})}
      {...(words === undefined ? {} : { 'aria-valuetext': words })}
    >
      {known ? (
        <div className={styles.bar} style={{ transform: `scaleX(${share})` }} />
      ) : (
        <div className={styles.moving} />
      )}
    </div>
  );
}
